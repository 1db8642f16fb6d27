"""`smsctl send`: one code to each phone, through every gate."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands.asking import counting
from smsctl.cli.commands.send.crowd import each
from smsctl.cli.commands.send.outcomes import COLUMNS, Attempt, blocks, one, row, summary
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError, failure
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.answers import Refused, Sent
from smsctl.core.errors import InvalidPhone
from smsctl.core.phone import Phone
from smsctl.core.phrase import phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What is the same for every phone of one command line."""

    ip: str | None
    captcha_token: str | None
    purpose: str | None
    request_id: str | None
    skip_captcha: bool


@command(
    needs="sending",
    without_config="try-out",
    examples=(
        "smsctl send 13800138000 --ip 203.0.113.7",
        "smsctl send 13800138000 13900139000 --purpose login --json",
    ),
)
def send(
    run: Run,
    phones: Annotated[
        list[str],
        typer.Argument(metavar="PHONE", help="Mobile numbers, in any usual spelling."),
    ],
    *,
    purpose: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the code is for.")
    ] = None,
    ip: Annotated[
        str | None,
        typer.Option(metavar="ADDR", help="The client's address; without it no ip rule applies."),
    ] = None,
    captcha_token: Annotated[
        str | None,
        typer.Option(metavar="TOKEN", help="What the captcha gave the visitor; - reads stdin."),
    ] = None,
    skip_captcha: Annotated[
        bool, typer.Option("--skip-captcha", help="Send without captcha; it is recorded.")
    ] = False,
    request_id: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Names this send: the same id is never sent twice."),
    ] = None,
) -> Result:
    """Return the outcome of one send, or of each."""
    if len(phones) > 1:
        _for_one("--request-id", request_id)
        _for_one("--captcha-token", captcha_token)
    ask = _Ask(
        ip=ip,
        captcha_token=run.line_for(captcha_token, "--captcha-token"),
        purpose=purpose,
        request_id=request_id,
        skip_captcha=skip_captcha,
    )
    _import(run)
    if skip_captcha:
        _record(run, phones)
    if len(phones) == 1:
        return one(_send(run, phones[0], ask))
    return _several(run, phones, ask)


def _for_one(option: str, given: str | None) -> None:
    if given is not None:
        raise UsageError(
            phrase("{option} is for one phone", option=option),
            hint=phrase("send to each phone by a command of its own"),
        )


def _import(run: Run) -> None:
    """Import what the vendors need, before a clock begins to run. Raises ConfigError."""
    from smsctl.wiring.libraries import import_libraries  # noqa: PLC0415 - with the parts

    import_libraries(run.config())


def _send(run: Run, phone: str, ask: _Ask) -> Sent | Refused:
    return run.guard().send(
        phone,
        ip=ask.ip,
        captcha_token=ask.captcha_token,
        purpose=ask.purpose,
        request_id=ask.request_id,
        skip_captcha=ask.skip_captcha,
    )


def _several(run: Run, phones: Sequence[str], ask: _Ask) -> Result:
    run.parts()  # once, before the threads

    def attempt(phone: str) -> Attempt:
        number = _read(run, phone)
        masked = number.masked if number else None
        try:
            return Attempt(masked, ask.purpose, answer=_send(run, phone, ask))
        except Exception as fault:  # noqa: BLE001 - the others' outcomes must be told
            return Attempt(masked, ask.purpose, failure=failure(fault))

    with counting(run, phrase("sending"), len(phones)) as done:
        attempts = each(attempt, phones, key=lambda phone: _read(run, phone) or phone, done=done)
    return Result(
        schema="sends",
        document={"results": [attempt.document(run.words) for attempt in attempts]},
        columns=COLUMNS,
        rows=[row(attempt.document(run.words)) for attempt in attempts],
        blocks=[
            *(block for n, attempt in enumerate(attempts) for block in blocks(attempt, n)),
            summary(attempts),
        ],
        exit_code=next((code for each in attempts if (code := each.exit_code)), exits.DONE),
    )


def _read(run: Run, phone: str) -> Phone | None:
    """Return the number; None for what is no phone."""
    with contextlib.suppress(InvalidPhone):
        return run.parts().read_phone(phone)
    return None


def _record(run: Run, phones: Sequence[str]) -> None:
    """Keep who sends past the captcha, before it is done. Raises StoreUnavailable."""
    parts = run.parts()
    if parts.config.captcha.provider == "none":
        return
    # With the parts they cost nothing more.
    from smsctl.cli.commands.acts import act  # noqa: PLC0415
    from smsctl.core.blocking import run_blocking  # noqa: PLC0415

    for phone in phones:
        number = parts.read_phone(phone)  # all of them before any is sent to
        done = act(
            f"send without captcha to {number.masked}",
            zone=parts.policy.timezone,
            touches=[parts.keyring.name("phone", number.e164)],
        )
        run_blocking(parts.admin.record(done))
