"""One run of one command: what it was given, and the parts it may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal

from smsctl.cli.frame.options import Options
from smsctl.cli.frame.screen import Screen
from smsctl.cli.frame.terminal import Terminal, encodable
from smsctl.cli.frame.texts import check_text
from smsctl.cli.frame.words import Language, Words, language
from smsctl.core.errors import ConfigError
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.config import Config, Needs
    from smsctl.core.decision import Decision
    from smsctl.core.guard import Guard
    from smsctl.wiring.parts import Parts

WithoutConfig = Literal["try-out", "own store", "error"]
"""What a command does without a configuration.

`try-out`: it works, on the console gateway and the embedded store. `own store`: it does, but only
where this user's embedded store exists already. `error`: it acts on production, or vouches for it,
and without a configuration there is none.
"""

_LONGEST_LINE = 10_000  # a captcha token has 2,048 characters


class Run:
    """Handed to every command. What it opens is closed when the command has ended."""

    def __init__(self, terminal: Terminal, options: Options, needs: Needs = "nothing") -> None:
        self.terminal = terminal
        self.needs: Needs = needs
        self.options = options
        self.words = Words(_language(terminal))
        self.out = Screen(terminal, terminal.stdout, self.words, options.color)
        self.err = Screen(terminal, terminal.stderr, self.words, options.color)
        self._closing = ExitStack()
        self._config: Config | None = None
        self._announced = False
        self._parts: Parts | None = None
        self._decided = False

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment, as the run was given it."""
        return self.terminal.environ

    def admit(self, without_config: WithoutConfig) -> None:
        """Raise ConfigError for a command that needs a configuration, where there is none."""
        if without_config == "try-out":
            return
        config = self._loaded()
        if config.configured:
            return
        from smsctl.config.needs import WHOLE_FILE  # noqa: PLC0415 - with the configuration
        from smsctl.wiring.unconfigured import own_store, unconfigured  # noqa: PLC0415 - rarely

        if strays := config.wrong(WHOLE_FILE):  # a variable that was meant to be one
            raise ConfigError(*strays)
        if without_config == "error" or not own_store(self.environ):
            raise unconfigured(self.environ)

    def config(self) -> Config:
        """Return the configuration, with a word about what it lacks. Raises ConfigError.

        What is wrong with a part of it that the command does not need is left to others.
        """
        config = self._loaded()
        if not self._announced:
            config.require(self.needs)
            self._announced = True
            self._announce(config)
        return config

    def _loaded(self) -> Config:
        if self._config is None:
            from smsctl.config import load  # noqa: PLC0415 - 25 ms

            self._config = load(
                self.options.config, environ=self.environ, defaults=True, needs="nothing"
            )
        return self._config

    def _announce(self, config: Config) -> None:
        """Say that this is a try-out, and what is missing."""
        if not config.configured:
            self.note(
                phrase("no configuration: a try-out with the console gateway and an embedded store")
            )
        for problem in config.lacking(self.needs):
            hinted = phrase("{problem} ({hint})", problem=problem.placed, hint=problem.hint)
            self.warn(hinted if problem.hint else problem.placed)

    def parts(self) -> Parts:
        """Return the parts that the configuration asks for. Raises ConfigError."""
        if self._parts is None:
            config = self.config()
            from smsctl.core.blocking import run_blocking  # noqa: PLC0415 - with what follows
            from smsctl.wiring.parts import assemble  # noqa: PLC0415 - redis-py: 75 ms

            parts = assemble(
                config,
                environ=self.environ,
                blocking=True,
                journal=self._note_decision,
                sends=self.needs == "sending",
            )
            self.afterwards(lambda: run_blocking(parts.close()))
            self.afterwards(self._announce_host)
            self.afterwards(self._warn_of_newer)
            self._parts = parts
        return self._parts

    @property
    def newer(self) -> int:
        """How many records were skipped because a newer smsctl wrote them."""
        return sum(self._parts.newer.counts.values()) if self._parts else 0

    def _note_decision(self, decision: Decision) -> None:
        from smsctl.wiring.journal import write_down  # noqa: PLC0415 - with the parts

        write_down(decision)
        self._decided = True

    def _announce_host(self) -> None:
        """Leave this host's policy in the store, where it decided something."""
        if self._decided and self._parts:
            from smsctl.core.blocking import run_blocking  # noqa: PLC0415 - with the parts
            from smsctl.wiring.presence import announce  # noqa: PLC0415 - with the parts

            run_blocking(announce(self._parts.hosts, self._parts.config))

    def _warn_of_newer(self) -> None:
        if self.newer:
            self.warn(
                phrase(
                    "records that were written by a newer smsctl, and are not shown: {count}; "
                    "upgrade smsctl on this host",
                    count=self.newer,
                )
            )

    def guard(self) -> Guard:
        """Return the guard of these parts; it is closed with them."""
        from smsctl.core.guard import Guard  # noqa: PLC0415 - with the parts

        parts = self.parts()
        return Guard(parts.flow, close=parts.close)

    def note(self, said: Phrase) -> None:
        """Say something on stderr that is no error; nothing under `--quiet`."""
        if not self.options.quiet:
            self.err.write([self.err.paint(self.err.say(said), "dim")])

    def warn(self, said: Phrase) -> None:
        """Warn on stderr; nothing under `--quiet`."""
        if not self.options.quiet:
            warning = self.err.paint(self.err.say("warning: "), "warn")
            self.err.write([f"{warning}{self.err.say(said)}"])

    def ask(self, question: Phrase) -> str:
        """Return the line that somebody types. Only where `terminal.interactive`."""
        return self.answer(question) or ""

    def answer(self, question: Phrase) -> str | None:
        """Return the same; None where no line comes any more: somebody pressed Ctrl-D."""
        self.terminal.stderr.write(self.err.legible(f"{self.err.say(question)} "))
        self.terminal.stderr.flush()
        typed = self.terminal.stdin.readline(_LONGEST_LINE)
        return typed.rstrip("\r\n") if typed else None

    def line(self) -> str:
        """Return the next line of stdin, without its end; empty where there is none."""
        return self.terminal.stdin.readline(_LONGEST_LINE).rstrip("\r\n")

    def line_for(self, given: str | None, name: str) -> str | None:
        """Return what was given for `name`, or for `-` the first line of stdin."""
        if given != "-":
            return given
        return check_text(self.line(), name)

    def afterwards(self, act: Callable[[], object]) -> None:
        """Do this when the command has ended, however it ends."""
        self._closing.callback(act)

    def close(self) -> None:
        """Close what was opened."""
        self._closing.close()


def _language(terminal: Terminal) -> Language:
    """Return the reader's language, as far as the streams can write it."""
    wanted = language(terminal.environ)
    able = all(encodable(each, "中") for each in (terminal.stdout, terminal.stderr))
    return wanted if able else "en"
