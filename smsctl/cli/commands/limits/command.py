"""`limits show` and `limits reset`: what counts against a subject, and clearing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from smsctl.cli.commands.acts import act
from smsctl.cli.commands.confirm import confirm
from smsctl.cli.commands.limits.documents import limits_document, reset_document
from smsctl.cli.commands.limits.screens import cleared_blocks, standing_blocks
from smsctl.cli.commands.limits.subjects import Row, Subjects, owned, read_subjects, rows, seen
from smsctl.cli.commands.overrides.giving import overrides_result
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Cell, Heading, Line, Result, seconds
from smsctl.cli.frame.run import Run
from smsctl.core.admin import Standing
from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import Phrase, phrase
from smsctl.core.policy import CodePolicy
from smsctl.core.rules import raise_rules

_COLUMNS = (
    "rule",
    "per",
    "subject",
    "window",
    "mode",
    "used",
    "max",
    "remaining",
    "retry_after_s",
    "expires_in_s",
)
_Phone = Annotated[str | None, typer.Option("--phone", metavar="PHONE", help="One mobile number.")]
_Address = Annotated[
    str | None, typer.Option("--ip", metavar="ADDR", help="One client address, IPv4 or IPv6.")
]


@command(
    needs="store",
    without_config="own store",
    examples=[
        "smsctl limits show",
        "smsctl limits show --phone 13800138000 --ip 203.0.113.7",
    ],
)
def show(
    run: Run,
    *,
    phone: _Phone = None,
    ip: _Address = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="PURPOSE", help="One purpose; else all.")
    ] = None,
) -> Result:
    """Return every rule's state for these subjects; unknown where a subject was not given."""
    parts = run.parts()
    policy = parts.policy
    subjects = read_subjects(parts, phone=phone, ip=ip, purpose=purpose)
    selection = seen(parts, subjects)
    book, now = run_blocking(parts.overrides.read())
    raised = book.raised(now)
    standing = run_blocking(parts.admin.show(replace(selection, raised=raised)))
    found = rows(raise_rules(policy.rules, raised), standing)
    overrides = book.concerning(
        phone=subjects.phone, name=selection.phone, address=subjects.ip, now=now
    )
    ordered = overrides_result(overrides, policy.timezone, empty=phrase("No override is in force."))
    return Result(
        schema="limits",
        document={
            **limits_document(subjects, found, standing, policy.code),
            **ordered.document,
        },
        columns=_COLUMNS,
        rows=[*_rule_rows(found), *_phone_rows(subjects, standing, policy.code)],
        blocks=[
            *standing_blocks(subjects, found, standing, policy.code),
            *([Heading("Overrides in force:"), *ordered.blocks] if overrides else []),
        ],
    )


@command(
    needs="store",
    without_config="error",
    examples=[
        "smsctl limits reset --phone 13800138000 --dry-run",
        "smsctl limits reset --phone 13800138000 --code --reason 'ticket 4711'",
    ],
)
def reset(
    run: Run,
    *,
    phone: _Phone = None,
    ip: _Address = None,
    fuse: Annotated[bool, typer.Option("--fuse", help="The fuses: every rule per: all.")] = False,
    code: Annotated[
        bool, typer.Option("--code", help="The phone's codes and wrong tries as well.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="For the audit record.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show it, and change nothing.")
    ] = False,
) -> Result:
    """Clear these subjects, once somebody who saw what goes said yes."""
    _selected(phone, ip, fuse=fuse, code=code)
    parts = run.parts()
    subjects = read_subjects(parts, phone=phone, ip=ip)
    selection = owned(parts, subjects, fuses=fuse)
    every = list(parts.policy.purposes) if code else []
    standing = run_blocking(parts.admin.show(replace(selection, purposes=every)))
    found = [
        row
        for row in rows(parts.policy.rules, standing)
        if row.used is not None and selection.subjects(row.rule.per)
    ]
    wrong = standing.wrong if code else None
    blocks = [*cleared_blocks(found, standing.codes if code else None, wrong)]
    asked = not (yes or dry_run)
    if asked:
        confirm(
            run,
            phrase("Clear these?"),
            shown=[Heading(_title(subjects, fuse=fuse), first=True), *blocks],
            command=_typed(phone, ip, reason, fuse=fuse, code=code),
        )
    if not dry_run:
        what = "limits reset " + " ".join(_named(subjects, fuse=fuse, code=code))
        touches = [each for each in (selection.phone, selection.ip) if each]
        record = act(
            what,
            reason=reason or "",
            zone=parts.policy.timezone,
            touches=[*touches, *(["all"] if fuse else [])],
        )
        # Written down first: a reset without a record must not be.
        run_blocking(parts.admin.record(record))
        run_blocking(parts.admin.reset(selection, codes=code))
    return Result(
        schema="reset",
        document=reset_document(found, standing.codes, wrong, dry_run=dry_run),
        columns=_COLUMNS,
        rows=[
            *_rule_rows(found),
            *(_phone_rows(subjects, standing, parts.policy.code) if code else []),
        ],
        # Who was asked has it before his eyes.
        blocks=[
            *([] if asked else [*blocks, Line("")]),
            Line("Nothing was changed: this was a dry run.")
            if dry_run
            else Line("Cleared.", mark="ok"),
        ],
    )


def _rule_rows(found: Iterable[Row]) -> Iterator[Sequence[Cell]]:
    for row in found:
        rule = row.rule
        limit = (row.used, rule.max, row.remaining, seconds(row.retry_after), None)
        yield (rule.name, rule.per, row.subject, rule.window.text, rule.mode, *limit)


def _phone_rows(
    subjects: Subjects, standing: Standing, policy: CodePolicy
) -> Iterator[Sequence[Cell]]:
    """Yield what a phone has besides rules, in the same columns: its codes and wrong tries."""
    if subjects.phone is None:
        return
    for code in standing.codes:
        left = (None, policy.tries, code.tries_left, None, seconds(code.expires_in))
        yield ("code", "phone", code.purpose, None, None, *left)
    budget = (standing.wrong, policy.wrong_max, max(0, policy.wrong_max - standing.wrong))
    yield ("wrong", "phone", None, None, None, *budget, None, None)


def _selected(phone: str | None, ip: str | None, *, fuse: bool, code: bool) -> None:
    if code and phone is None:
        raise UsageError(
            "--code needs --phone", hint=phrase("a code belongs to one phone: name it")
        )
    if phone is None and ip is None and not fuse:
        raise UsageError("nothing to reset was named", hint=phrase("give --phone, --ip or --fuse"))


def _named(subjects: Subjects, *, fuse: bool, code: bool) -> list[str]:
    """Return the command's options as they may be kept: the phone is masked."""
    phone = [] if subjects.phone is None else ["--phone", subjects.phone.masked]
    ip = [] if subjects.ip is None else ["--ip", subjects.ip]
    return [*phone, *ip, *(["--fuse"] if fuse else []), *(["--code"] if code else [])]


def _typed(
    phone: str | None, ip: str | None, reason: str | None, *, fuse: bool, code: bool
) -> list[str]:
    """Return the command that does the same without asking."""
    words = ["limits", "reset"]
    for name, value in (("--phone", phone), ("--ip", ip), ("--reason", reason)):
        words += [name, value] if value is not None else []
    words += ["--fuse"] if fuse else []
    words += ["--code"] if code else []
    return [*words, "--yes"]


def _title(subjects: Subjects, *, fuse: bool) -> Phrase:
    named = [str(each) for each in (subjects.phone, subjects.ip) if each]
    if fuse:
        named.append("per: all")
    return phrase("This clears, for {subjects}:", subjects=", ".join(named))
