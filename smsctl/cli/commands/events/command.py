"""`events`: what happened, of all processes, newest last; with `--follow`, what happens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from smsctl.cli.commands.events.reader import EventsReader
from smsctl.cli.commands.since import read_since
from smsctl.cli.commands.watch.documents import happening_document
from smsctl.cli.commands.watch.happenings import told
from smsctl.cli.frame.command import command
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Line, Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.screen import Tone
from smsctl.cli.frame.show import document, tsv
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.core.gauge import Happening
from smsctl.core.history import Admitted, Settled, TurnedAway
from smsctl.core.pace import moment
from smsctl.core.phrase import phrase

_COLUMNS = ("at", "event", "phone", "purpose", "detail", "count")
_TITLES = (Column("At"), Column("Event"), Column("Phone"), Column("Purpose"), Column("Detail"))
_PAUSE = 1.0  # s between two looks


@command(
    needs="store",
    without_config="own store",
    examples=[
        "smsctl events",
        "smsctl events --since 10m -n 50",
        "smsctl events --follow --json | jq .event",
    ],
)
def events(
    run: Run,
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="How far back, at most 8d; 1h.")
    ] = "1h",
    most: Annotated[
        int | None, typer.Option("-n", metavar="N", min=1, help="The newest so many; all.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what happens, until Ctrl-C.")
    ] = False,
) -> Result:
    """Return what happened; with `--follow`, nothing: it was written by then."""
    back = read_since(since)
    parts = run.parts()
    zone = parts.policy.timezone
    reader = EventsReader(parts.history, parts.overrides, parts.policy, back=back)
    found = run_blocking(reader.look())
    rolled = most is None and reader.rolled
    found = _joined(found)[-most:] if most is not None else _joined(found)
    if follow:
        _write(run, found, zone)
        _follow(run, reader, zone)
    return Result(
        schema="events",
        document={"events": [_document(each, zone) for each in found]},
        columns=_COLUMNS,
        rows=[_row(each, zone) for each in found],
        blocks=[*_blocks(found, zone, reader.complete_since if rolled else None)],
        written=follow,
    )


def _joined(found: Sequence[Happening]) -> Sequence[Happening]:
    """Leave out that a send was admitted where it is told how it was settled."""
    settled = {each.what.request_id for each in found if isinstance(each.what, Settled)}
    return [
        each
        for each in found
        if not (isinstance(each.what, Admitted) and each.what.request_id in settled)
    ]


def _follow(run: Run, reader: EventsReader, zone: ZoneInfo) -> None:
    """Write what happens. Raises OSError when nobody reads it any more."""
    while True:
        time.sleep(_PAUSE)
        try:
            found = run_blocking(reader.look())
        except StoreUnavailable as fault:
            run.warn(fault.message)
            continue
        _write(run, _joined(found), zone)


def _write(run: Run, found: Sequence[Happening], zone: ZoneInfo) -> None:
    out = run.terminal.stdout
    if run.options.json:
        out.writelines(document(out, "event", _document(each, zone)) for each in found)
    elif out.isatty():
        for each in found:
            run.out.write(_line(run, each, zone))
    else:
        out.writelines(f"{tsv(_row(each, zone))}\n" for each in found)
    out.flush()


def _line(run: Run, happening: Happening, zone: ZoneInfo) -> Iterator[str]:
    what, why, tone = told(happening)
    caller = happening.caller
    who = [caller.phone, caller.purpose] if caller else []
    text = "  ".join(filter(None, [run.out.cell(what), *who, run.out.cell(why)]))
    time_of = f"{moment(happening.at, zone):%m-%d %H:%M:%S}"
    yield from Folded(phrase("{time}  {text}", time=time_of, text=text), tone=tone).lines(run.out)


def _document(happening: Happening, zone: ZoneInfo) -> Mapping[str, object]:
    caller = happening.caller
    address = caller and caller.address
    return {**happening_document(happening, zone), "ip": address}


def _row(happening: Happening, zone: ZoneInfo) -> Sequence[Cell]:
    document = happening_document(happening, zone)
    detail = next(
        (
            str(document[name])
            for name in ("vendor_code", "rule", "reason", "code", "result", "state", "captcha")
            if document.get(name)
        ),
        "",
    )
    count = happening.what.count if isinstance(happening.what, TurnedAway) else 1
    caller = happening.caller
    who = (caller.phone, caller.purpose) if caller else (None, None)
    return (str(document["at"]), str(document["event"]), *who, detail, count)


def _blocks(found: Sequence[Happening], zone: ZoneInfo, rolled: float | None) -> Iterator[Block]:
    if rolled is not None:
        time_of = f"{moment(rolled, zone):%m-%d %H:%M:%S}"
        yield Folded(
            phrase("refusals before {time} may have been forgotten", time=time_of), mark="warn"
        )
    if not found:
        yield Line(phrase("Nothing happened in this time."))
        return
    rows, tones = [], dict[int, Tone]()
    for number, each in enumerate(found):
        what, why, tones[number] = told(each)
        caller = each.caller
        who = (caller.phone, caller.purpose) if caller else (None, None)
        rows.append((f"{moment(each.at, zone):%m-%d %H:%M:%S}", what, *who, why))
    yield Grid(_TITLES, rows, {number: tone for number, tone in tones.items() if tone != "plain"})
