"""`probe`: do codes arrive? A synthetic send to the operator's own numbers, for cron."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands import plugin
from smsctl.cli.commands.asking import counting
from smsctl.cli.commands.probe.screens import (
    COLUMNS,
    probe_blocks,
    probe_document,
    probe_row,
    probe_verdict,
)
from smsctl.cli.commands.send.crowd import each
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import Failure, UsageError, failure
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import InvalidPhone, StoreUnavailable
from smsctl.core.phone import Phone
from smsctl.core.phrase import phrase
from smsctl.core.readings import read_purpose
from smsctl.core.rules import read_duration

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms
    from smsctl.wiring.probe import Clock, Probed

_SHORTEST, _LONGEST = 1.0, 900.0  # s


def clock() -> Clock:
    """Return what waiting is measured by."""
    from smsctl.wiring.probe import Clock  # noqa: PLC0415 - with the parts

    return Clock()


def _instead(failed: Failure, words: Sequence[str]) -> Result | None:
    """Return what monitoring reads of a failure: one line on stdout, and never another code."""
    before = words[: words.index("--")] if "--" in words else words
    return _plugin(plugin.unsaid(failed)) if "--check" in before else None


@command(
    needs="sending",
    without_config="error",
    examples=[
        "smsctl probe 13800138000",
        "smsctl probe 13800138000 18600000000 18900000000 --wait 3m",
        "smsctl probe 13800138000 --check",
    ],
    on_failure=_instead,
)
def probe(
    run: Run,
    phones: Annotated[
        list[str], typer.Argument(metavar="PHONE", help="Mobile numbers that are your own.")
    ],
    *,
    wait: Annotated[
        str, typer.Option("--wait", metavar="TIME", help="How long, 1s to 15m; 90s.")
    ] = "90s",
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="NAME", help="What the code is for.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="One line for monitoring, exit code 0, 2 or 3.")
    ] = False,
) -> Result:
    """Return what became of each message; exit 8 where one did not arrive."""
    seconds = _seconds(wait)
    parts = run.parts()
    numbers = _numbers(parts, phones)
    policy = parts.policy
    if purpose is not None:
        read_purpose(purpose, purposes=policy.purposes, default=policy.default_purpose)
    found = _probed(run, parts, numbers, purpose=purpose, wait=seconds)
    if check:
        return _plugin(probe_verdict(found))
    arrived = all(one.outcome == "delivered" for one in found)
    return Result(
        schema="probe",
        document=probe_document(found, run.words, wait=seconds),
        columns=COLUMNS,
        rows=[probe_row(one, run.words) for one in found],
        blocks=[*probe_blocks(found)],
        exit_code=exits.DONE if arrived else exits.FOUND_WRONG,
    )


def _seconds(text: str) -> float:
    try:
        seconds = read_duration(text)
    except (ValueError, OverflowError):
        seconds = 0.0
    if not _SHORTEST <= seconds <= _LONGEST:
        raise UsageError("--wait is a time from 1s to 15m, like 90s")
    return seconds


def _numbers(parts: Parts, phones: Sequence[str]) -> Sequence[Phone]:
    """Return the numbers, each once. Raises InvalidPhone before anything is sent."""
    read: list[Phone] = []
    for place, phone in enumerate(phones, start=1):
        try:
            read.append(parts.read_phone(phone))
        except InvalidPhone as fault:
            if len(phones) == 1:
                raise
            told = phrase("number {place}: {why}", place=place, why=fault.message)
            raise InvalidPhone(told, hint=fault.hint) from None
    numbers = list(dict.fromkeys(read))
    if any(number.e164 in parts.policy.test_numbers for number in numbers):
        raise UsageError(
            "nothing is sent to a test number, so nothing would arrive",
            hint=phrase("probe a number that is not in test_numbers"),
        )
    return numbers


def _probed(
    run: Run, parts: Parts, numbers: Sequence[Phone], *, purpose: str | None, wait: float
) -> Sequence[Probed]:
    from smsctl.wiring import probe as probing  # noqa: PLC0415 - with the parts

    watch = clock()
    ask = probing.prepare(parts.config, numbers[0], clock=watch)
    _record(parts, numbers)
    guard = run.guard()

    def send(number: Phone) -> Probed | Exception:
        try:
            return probing.submit(guard, number, purpose=purpose, clock=watch)
        except Exception as fault:  # noqa: BLE001 - the others' outcomes must be told
            return fault

    with counting(run, phrase("sending"), len(numbers)) as done:
        answers = each(send, numbers, key=lambda number: number, done=done)
    faults = [one for one in answers if isinstance(one, Exception)]
    if len(faults) == len(answers):
        raise faults[0]
    found = [
        probing.Probed(phone=number, outcome="error", why=failure(one).message)
        if isinstance(one, Exception)
        else one
        for number, one in zip(numbers, answers, strict=True)
    ]
    try:
        with counting(run, phrase("waiting for receipts"), sum(one.open for one in found)) as done:
            probing.follow(ask, found, wait=wait, clock=watch, arrived=done)
    finally:
        _note(run, parts, found, now=watch.unix())
    return found


def _record(parts: Parts, numbers: Sequence[Phone]) -> None:
    """Keep who sends past the captcha, before it is done. Raises StoreUnavailable."""
    if parts.config.captcha.provider == "none":
        return
    # With the parts they cost nothing more.
    from smsctl.cli.commands.acts import act  # noqa: PLC0415

    masked = ", ".join(number.masked for number in numbers)
    done = act(
        f"probe without captcha to {masked}",
        zone=parts.policy.timezone,
        touches=[parts.keyring.name("phone", number.e164) for number in numbers],
    )
    run_blocking(parts.admin.record(done))


def _note(run: Run, parts: Parts, found: Sequence[Probed], *, now: float) -> None:
    """Write the receipts down for `why`; where that fails, what arrived is told all the same."""
    from smsctl.wiring.receipts import receipt  # noqa: PLC0415 - with the parts

    told = [receipt(one.posted, one.report, now=now) for one in found if one.posted and one.report]
    try:
        if told:
            run_blocking(parts.history.note(told))
    except StoreUnavailable as fault:
        run.warn(phrase("the receipts were not written down: {why}", why=fault.message))


def _plugin(told: plugin.PluginStatus) -> Result:
    return plugin.result_of(told, "probe_check")
