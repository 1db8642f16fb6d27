"""What `watch` looks like: a pure function from a snapshot and a height to lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smsctl.cli.commands.watch.documents import percent
from smsctl.cli.commands.watch.fuses import BurnDown
from smsctl.cli.commands.watch.happenings import event_lines, lasting
from smsctl.cli.commands.watch.reader import Snapshot
from smsctl.cli.frame.clipped import clip
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Line
from smsctl.cli.frame.screen import Screen
from smsctl.cli.frame.words import Span, cells
from smsctl.core.gauge import Rate, Reading
from smsctl.core.hosts import disagreement
from smsctl.core.overrides import Override
from smsctl.core.pace import moment
from smsctl.core.phrase import Phrase, phrase

_FEWEST = 3  # events, if there is any way to show so many
_HOSTS = 2  # that disagree
_HEAD = 2  # lines above the events: a title and what parts it from the rest
_COLUMNS = (Column("A minute"), Column("Last", right=True), Column("Mean of 5", right=True))


def frame_lines(screen: Screen, snapshot: Snapshot, height: int) -> Sequence[str]:
    """Return the lines of one frame, `height` at most; what is newest fills what is left.

    Where little is left, overrides are counted and not listed, and nothing parts the figures.
    """
    lines: list[str] = []
    for overrides, airy in ((3, True), (1, True), (0, False)):
        lines = [*_title(screen, snapshot)]
        for block in _blocks(snapshot, overrides=overrides):
            lines += block.lines(screen)
        if not airy:
            lines = [line for line in lines if line]
        if len(lines) + _HEAD + _FEWEST <= height:
            break
    room = max(_FEWEST, height - len(lines) - _HEAD)
    events = event_lines(screen, snapshot.reading.newest[:room], snapshot.timezone)
    lines += [""] if len(lines) + _HEAD + _FEWEST <= height else []
    lines += [screen.paint(screen.legible(screen.say("Newest")), "strong"), *events]
    return lines[:height]


def _title(screen: Screen, snapshot: Snapshot) -> Iterator[str]:
    at = moment(snapshot.now, snapshot.timezone)
    right = screen.legible(screen.say("q quits"))
    left = f"smsctl watch  {at:%Y-%m-%d %H:%M:%S}"
    if cells(left) + cells(right) >= screen.width:
        left = clip(f"smsctl watch {at:%H:%M:%S}", screen.width)
    gap = screen.width - cells(left) - cells(right)
    keys = f"{' ' * gap}{screen.paint(right, 'dim')}" if gap > 0 else ""
    yield f"{screen.paint(left, 'strong')}{keys}"
    if snapshot.silent_since is None:
        yield ""
        return
    since = moment(snapshot.silent_since, snapshot.timezone)
    told = phrase("the store does not answer since {time}", time=f"{since:%H:%M:%S}")
    yield from Folded(told, mark="bad", tone="bad").lines(screen)


def _blocks(snapshot: Snapshot, *, overrides: int) -> Iterator[Block]:
    reading = snapshot.reading
    yield BurnDown(snapshot.burns, now=snapshot.now)
    if not snapshot.burns:
        yield Folded(phrase("There is no fuse: nothing bounds the messages of a day."), mark="warn")
    yield Line("")
    yield Grid(_COLUMNS, _rates(reading))
    yield Line("")
    yield Folded(_refused(reading))
    yield Folded(_conversion(reading))
    yield Folded(_latency(reading))
    for override in snapshot.overrides[:overrides]:
        left = override.until - snapshot.now
        yield Folded(_override(override, left), mark="none" if override.kind == "allow" else "warn")
    more = len(snapshot.overrides) - overrides
    if more > 0:
        listed = phrase("more overrides in force: {count}", count=more)
        alone = phrase("overrides in force: {count}", count=more)
        yield Folded(listed if overrides else alone, mark="warn")
    for host in snapshot.hosts[:_HOSTS]:
        disagrees = disagreement(host, snapshot.policy, snapshot.timezone)
        yield Folded(disagrees, mark="warn")
    if snapshot.alerts:
        count = len(snapshot.alerts)
        yield Folded(
            phrase("alerts that no channel has taken yet: {count}", count=count), mark="warn"
        )


def _rates(reading: Reading) -> Sequence[Sequence[Cell]]:
    rates = (
        (phrase("Sends"), reading.sends),
        (phrase("Refusals"), reading.refusals),
        (phrase("Verified"), reading.verified),
        (phrase("Wrong codes"), reading.wrong),
    )
    return [(name, f"{rate.minute:,}", _mean(rate)) for name, rate in rates]


def _mean(rate: Rate) -> str:
    return f"{rate.five:,.1f}"


def _refused(reading: Reading) -> Phrase:
    if not reading.refused_by:
        return phrase("Refused in the last 5 minutes: nobody")
    by = ", ".join(f"{name} {count:,}" for name, count in reading.refused_by.items())
    if not reading.refused_whole:
        return phrase("Refused in the last 5 minutes, at least: {by}", by=by)
    return phrase("Refused in the last 5 minutes: {by}", by=by)


def _conversion(reading: Reading) -> Phrase:
    share = percent(reading.verified_hour, reading.sent_hour)
    if share is None:
        return phrase("Verified of the codes sent in the last hour: none was sent")
    return phrase(
        "Verified of the codes sent in the last hour: {percent} % ({verified} of {sent})",
        percent=f"{share:g}",
        verified=f"{reading.verified_hour:,}",
        sent=f"{reading.sent_hour:,}",
    )


def _latency(reading: Reading) -> Phrase:
    latency = reading.latency
    if latency is None:
        return phrase("The gateway was not asked in the last 5 minutes")
    return phrase(
        "The gateway took p50 {half}, p95 {most} in the last 5 minutes",
        half=lasting(latency.p50),
        most=lasting(latency.p95),
    )


def _override(override: Override, left: float) -> Phrase:
    return phrase(
        "{what} ({span} left): {reason}",
        what=_what(override),
        span=Span(left),
        reason=override.reason,
    )


def _what(override: Override) -> Phrase:
    shown = override.target.shown if override.target else ""
    match override.kind:
        case "pause":
            lane = " ".join(filter(None, [override.purpose, override.country]))
            return phrase("paused: {lane}", lane=lane) if lane else phrase("paused: all sending")
        case "raise":
            return phrase("{rule} raised to {most}", rule=override.rule, most=f"{override.max:,}")
        case "deny":
            return phrase("denied: {who}", who=shown)
        case "allow":
            return phrase("allowed: {who}", who=shown)
