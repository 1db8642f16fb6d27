"""From whatever was raised to what is told of it: a code, a sentence, a hint, an exit code.

No argument's value is repeated: a word in the wrong place may be a code or a phone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from typer import BadParameter

# Typer bundles its own Click: there is no public name for these.
from typer._click.exceptions import (
    BadOptionUsage,
    ClickException,
    MissingParameter,
    NoSuchOption,
)

from smsctl.cli import exits
from smsctl.cli.frame.result import seconds
from smsctl.cli.frame.words import Words
from smsctl.core.errors import (
    ConfigError,
    GatewayRejected,
    GatewayUnknown,
    Problem,
    SmsctlError,
)
from smsctl.core.phrase import NOTHING, Phrase, phrase

_OPTION = re.compile(r"-[A-Za-z]|--[a-z][a-z-]{0,30}")
_WORD = re.compile(r"'([a-z][a-z-]{0,30})'")


class UsageError(SmsctlError):
    """The command line asks for something that no command does."""

    code = "usage"


class Unconfirmed(SmsctlError):
    """What was asked for needs a yes that nobody gave."""

    code = "confirmation_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What is told of an error."""

    code: str
    message: Phrase
    exit_code: int
    hint: Phrase = NOTHING
    vendor_code: str | None = None
    vendor_request_id: str | None = None
    more: Mapping[str, object] = field(default_factory=dict)
    """Further keys of the document."""
    problems: Sequence[Problem] = ()
    """Of the configuration, all of them."""

    def error(self, words: Words) -> dict[str, object]:
        """Return the document's `error` object."""
        told: dict[str, object] = {
            "code": self.code,
            "message": words.say(self.message),
            "hint": words.say(self.hint) or None,
            "vendor_code": self.vendor_code,
            "vendor_request_id": self.vendor_request_id,
            **self.more,
        }
        if self.problems:
            told["problems"] = [
                {
                    "path": problem.path,
                    "message": words.say(problem.message),
                    "hint": words.say(problem.hint) or None,
                }
                for problem in self.problems
            ]
        return told


def failure(fault: BaseException) -> Failure:  # noqa: PLR0911 - one for each kind
    """Return what is told of an exception; of one that nobody foresaw, its type alone."""
    match fault:
        case ConfigError():
            return _config(fault)
        case GatewayRejected() | GatewayUnknown():
            return _gateway(fault)
        case UsageError():
            return _plain(fault, exits.USAGE)
        case Unconfirmed():
            return _plain(fault, exits.UNCONFIRMED)
        case SmsctlError():
            return _plain(fault, exits.of_error(fault))
        case ClickException():
            return _usage(fault)
        case _:
            return Failure(
                code="internal",
                message=phrase("internal error: {kind}", kind=type(fault).__name__),
                hint=phrase("run it again with -v for the place in the program"),
                exit_code=exits.INTERNAL,
            )


def _plain(fault: SmsctlError, exit_code: int) -> Failure:
    return Failure(code=fault.code, message=fault.message, hint=fault.hint, exit_code=exit_code)


def _config(fault: ConfigError) -> Failure:
    first, count = fault.problems[0], len(fault.problems)
    message = (
        phrase("the configuration has {count} problems", count=count) if count > 1 else first.placed
    )
    return Failure(
        code=fault.code,
        message=message,
        hint=first.hint if count == 1 else _hint(fault.problems),
        exit_code=exits.CONFIG,
        problems=fault.problems,
    )


def _hint(problems: Sequence[Problem]) -> Phrase:
    """Return what gives several values at once: the service's variables."""
    from smsctl.config.places import sourcing  # noqa: PLC0415 - loaded with what was wrong

    return sourcing() if any(problem.missing for problem in problems) else NOTHING


def _gateway(fault: GatewayRejected | GatewayUnknown) -> Failure:
    more: dict[str, object] = {
        "request_id": fault.request_id,
        "retry_after_s": seconds(fault.retry_after),
    }
    if isinstance(fault, GatewayUnknown):
        more |= {"challenge": fault.challenge, "expires_in_s": seconds(fault.expires_in)}
    return Failure(
        code=fault.code,
        message=fault.message,
        hint=fault.hint,
        exit_code=exits.of_error(fault),
        vendor_code=fault.vendor_code,
        vendor_request_id=fault.vendor_request_id,
        more=more,
    )


def _usage(fault: ClickException) -> Failure:
    path = getattr(getattr(fault, "ctx", None), "command_path", "smsctl")
    return Failure(
        code=UsageError.code,
        message=_mistake(fault),
        hint=phrase("see {command} --help", command=path),
        exit_code=exits.USAGE,
    )


def _mistake(fault: ClickException) -> Phrase:  # noqa: PLR0911 - one for each kind
    match fault:
        case MissingParameter(param=param) if param is not None:
            return phrase("{name} is missing", name=spelled(param))
        case BadParameter(param=param) if param is not None:
            return _misfit(param)
        case NoSuchOption(option_name=name) if _OPTION.fullmatch(name):
            if fault.possibilities:
                return phrase(
                    "there is no option {name}; did you mean {others}?",
                    name=name,
                    others=", ".join(sorted(fault.possibilities)),
                )
            return phrase("there is no option {name}", name=name)
        case NoSuchOption():
            return phrase("there is no such option")
        case BadOptionUsage(option_name=name) if "does not take" in fault.message:
            return phrase("{name} takes no value", name=name)
        case BadOptionUsage(option_name=name):
            return phrase("{name} needs a value", name=name)
        case _ if "extra argument" in fault.message:
            return phrase("there are more arguments than this command takes")
        case _ if "No such command" in fault.message:
            return _no_command(fault.message)
        case _:
            return phrase("a command is missing")


def _no_command(message: str) -> Phrase:
    # What it takes for a command may be a code or a phone: a word of letters alone is repeated.
    _, _, meant = message.partition("Did you mean ")
    word = _WORD.search(message)
    others = meant.rstrip("?").replace("'", "")
    if word and others:
        return phrase(
            "there is no command {word}; did you mean {others}?", word=word[1], others=others
        )
    if word:
        return phrase("there is no command {word}", word=word[1])
    return phrase("there is no such command")


def _misfit(param: Any) -> Phrase:
    choices = getattr(param.type, "choices", None)
    if choices:
        return phrase("{name} is one of {choices}", name=spelled(param), choices=", ".join(choices))
    return phrase("{name} does not take this value", name=spelled(param))


def spelled(param: Any) -> str:
    """Return how the operator would write the parameter."""
    options = [name for name in param.opts if name.startswith("-")]
    return max(options, key=len) if options else str(param.human_readable_name).upper()
