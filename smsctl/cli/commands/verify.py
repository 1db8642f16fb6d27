"""`smsctl verify`: one code, compared once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Block, Line, Result, seconds
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.texts import check_text
from smsctl.cli.frame.words import Span
from smsctl.core.answers import Rejected, Verified
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.readings import read_purpose

_COLUMNS = ("outcome", "phone", "purpose", "reason", "tries_left", "retry_after_s")


@command(
    needs="verifying",
    without_config="own store",
    examples=(
        "smsctl verify 13800138000 123456",
        "echo 123456 | smsctl verify 13800138000 -",
    ),
)
def verify(
    run: Run,
    phone: Annotated[
        str, typer.Argument(metavar="PHONE", help="The mobile number the code went to.")
    ],
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Its digits; - reads stdin, and without it one asks."),
    ] = None,
    *,
    purpose: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the code is for.")
    ] = None,
    challenge: Annotated[
        str | None, typer.Option(metavar="TOKEN", help="What send returned, where one is required.")
    ] = None,
) -> Result:
    """Return whether the code was right."""
    typed = _asked(run, phone, purpose) if code is None else run.line_for(code, "CODE")
    return told(run.guard().verify(phone, typed or "", purpose=purpose, challenge=challenge))


def _asked(run: Run, phone: str, purpose: str | None) -> str:
    """Return the code that somebody types, once it is known whose and what for."""
    if not run.terminal.interactive:
        raise UsageError(
            "no code, and no terminal to ask on",
            hint=phrase("give it behind the phone, or - to read it from stdin"),
        )
    parts = run.parts()
    parts.read_phone(phone)
    policy = parts.policy
    read_purpose(purpose, purposes=policy.purposes, default=policy.default_purpose)
    return check_text(run.ask(phrase("code:")), "CODE")


def told(answer: Verified | Rejected) -> Result:
    """Return the result of a check."""
    document: dict[str, object] = {
        "outcome": "verified" if answer else "rejected",
        "phone": answer.phone,
        "purpose": answer.purpose,
    }
    if isinstance(answer, Rejected):
        document |= {
            "reason": answer.reason,
            "tries_left": answer.tries_left,
            "retry_after_s": seconds(answer.retry_after),
        }
    found = (document.get(name) for name in _COLUMNS)
    return Result(
        schema="verify",
        document=document,
        columns=_COLUMNS,
        rows=[[each if isinstance(each, int | float | str) else None for each in found]],
        blocks=list(_blocks(answer)),
        exit_code=exits.DONE if answer else exits.NOT_VERIFIED,
    )


def _blocks(answer: Verified | Rejected) -> Iterator[Block]:
    if isinstance(answer, Verified):
        yield Line(
            phrase("verified: {phone} for {purpose}", phone=answer.phone, purpose=answer.purpose),
            "ok",
        )
    else:
        yield Line(_rejection(answer), "bad")
        if answer.reason == "missing":
            yield Line("never sent, used, expired or burnt", tone="dim", indent=2)


def _rejection(answer: Rejected) -> Phrase:
    """Return why a code was not accepted; for the operator, not for who typed it."""
    phone = answer.phone
    match answer.reason:
        case "mismatch" if answer.tries_left == 1:
            return phrase("not verified: wrong code for {phone}, one more try", phone=phone)
        case "mismatch":
            return phrase(
                "not verified: wrong code for {phone}, {count} more tries",
                phone=phone,
                count=answer.tries_left,
            )
        case "exhausted":
            return phrase(
                "not verified: wrong code for {phone}, and that was the last try", phone=phone
            )
        case "missing":
            return phrase("not verified: no code of {phone} is waiting", phone=phone)
        case "locked":
            return phrase(
                "not verified: {phone} is locked for {wait} after too many wrong codes",
                phone=phone,
                wait=Span(answer.retry_after or 0),
            )
