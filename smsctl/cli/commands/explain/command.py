"""`smsctl explain`: what a code means, whoever's it is. Asks nobody and reads no file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from smsctl.cli.commands.explain.lookup import ALL, completions, matches, nearest
from smsctl.cli.commands.explain.screens import explain_blocks
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.words import Words
from smsctl.core.phrase import phrase
from smsctl.vendors.codes.entry import Entry

COLUMNS = ("code", "source", "meaning", "sent", "billed", "retry", "when", "remedy", "page")


@command(
    needs="nothing",
    without_config="try-out",
    examples=(
        "smsctl explain isv.BUSINESS_LIMIT_CONTROL",
        "smsctl explain 75",
        "smsctl explain 余额",
        "smsctl explain --json",
    ),
)
def explain(
    run: Run,
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CODE",
            help="A code, a part of one, words, or a vendor's whole message; all without it.",
            autocompletion=completions,
        ),
    ] = None,
) -> Result:
    """Return what is known of each code that this is about."""
    found = _found(" ".join(codes)) if codes else ALL
    return Result(
        schema="explain",
        document={"matches": [_document(entry, run.words) for entry in found]},
        columns=COLUMNS,
        rows=[[str(told or "") for told in _document(each, run.words).values()] for each in found],
        blocks=list(explain_blocks(found)),
    )


def _found(asked: str) -> Sequence[Entry]:
    found = matches(asked)
    if found:
        return found
    near = nearest(asked)
    # What was typed is not repeated: it may be a one-time code, or a phone.
    raise UsageError(
        phrase("no code and no explanation is like this"),
        hint=phrase("did you mean {others}?", others=", ".join(near))
        if near
        else phrase("smsctl explain lists them all"),
    )


def _document(entry: Entry, words: Words) -> dict[str, str | None]:
    return {
        "code": entry.code,
        "source": entry.source,
        "meaning": words.say(entry.meaning),
        "sent": entry.sent,
        "billed": entry.billed,
        "retry": entry.retry,
        "when": words.say(entry.when),
        "remedy": words.say(entry.remedy),
        "page": entry.page or None,
    }
