"""What the report says in sentences: its figures in a line, incidents, what a reason means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsctl.cli.own_codes import REASONS
from smsctl.core.incidents import Incident, IncidentKind
from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.vendors.codes.table import entry_of

if TYPE_CHECKING:
    from smsctl.wiring.report import Report  # redis-py: 75 ms

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures at a glance."""

    name: Phrase
    count: str
    note: Phrase


def headline(told: Report) -> Phrase:
    """Return the span in one sentence."""
    found = told.totals
    if not found.sent + found.unsure + found.refused:
        return phrase("Nothing was sent and nothing was refused in this time.")
    if found.conversion is None:
        refused = _many(found.refused)
        return phrase("Nothing was sent; {refused} requests were refused.", refused=refused)
    return phrase(
        "{sent} codes were sent and {percent} of them verified; {refused} requests were refused "
        "before they cost anything.",
        sent=_many(found.sent + found.unsure),
        percent=percent(found.conversion),
        refused=_many(found.refused),
    )


def figures(told: Report) -> Iterator[Figure]:
    """Yield the figures at a glance."""
    found, money = told.totals, told.spent
    yield Figure(
        phrase("Sent"),
        _many(found.sent),
        phrase("perhaps sent: {count}", count=_many(found.unsure)),
    )
    yield Figure(
        phrase("Conversion"),
        percent(found.conversion),
        phrase("verified: {count}", count=_many(found.verified)),
    )
    yield Figure(
        phrase("Refused"),
        _many(found.refused),
        phrase("worth {amount}, had all been sent", amount=yuan(money.averted)),
    )
    yield Figure(
        phrase("Cost"),
        yuan(money.sent),
        phrase("perhaps {amount} more", amount=yuan(money.unsure)) if money.unsure else NOTHING,
    )
    yield Figure(phrase("Rejected"), _many(found.rejected), phrase("by the gateway, not sent"))
    yield Figure(
        phrase("Incidents"),
        _many(len(told.incidents)),
        phrase("operators' acts: {count}", count=_many(len(told.acts))),
    )


def incident(told: Incident) -> Phrase:
    """Return what went wrong."""
    return _INCIDENTS[told.kind](told)


def when(told: Incident, zone: ZoneInfo) -> str:
    """Return its time, or its times: the day once."""
    since, until = (datetime.fromtimestamp(at, zone) for at in (told.since, told.until))
    if f"{until:%F %R}" == f"{since:%F %R}":
        return f"{since:%Y-%m-%d %H:%M}"
    same = since.date() == until.date()
    return f"{since:%Y-%m-%d %H:%M} – {until:%H:%M}" if same else f"{since:%F %R} – {until:%F %R}"


def meaning(name: str) -> Phrase:
    """Return what a reason of refusals means; nothing of a rule, whose name is the operator's."""
    return REASONS.get(name, NOTHING)


def percent(value: float | None) -> str:
    """Return a percentage to one place, `-` where there is none."""
    return "-" if value is None else f"{value:.1f} %"


def yuan(value: Decimal) -> str:
    """Return an amount of CNY."""
    return f"¥{value.quantize(_CENT, ROUND_HALF_UP):,}"


def _many(count: int) -> str:
    return f"{count:,}"


def _fuse(told: Incident) -> Phrase:
    used, most = told.figures
    return phrase(
        "{rule} reached {level} %: {used} of {most}",
        rule=told.subject.partition("@")[0],
        level=told.level,
        used=_many(used),
        most=_many(most),
    )


def _conversion(told: Incident) -> Phrase:
    verified, sent = told.figures
    return phrase(
        "few codes were verified ({subject}): {verified} of {sent} in an hour",
        subject=told.subject,
        verified=_many(verified),
        sent=_many(sent),
    )


def _gateway(told: Incident) -> Phrase:
    entry = entry_of(told.subject)
    return phrase(
        "the gateway refused: {code}: {meaning}",
        code=told.subject,
        meaning=entry.meaning if entry else NOTHING,
    )


_INCIDENTS: Mapping[IncidentKind, Callable[[Incident], Phrase]] = {
    "fuse": _fuse,
    "conversion": _conversion,
    "gateway": _gateway,
    "captcha": lambda _: phrase("the captcha's vendor gave no verdict"),
    "full": lambda told: phrase(
        "{rule} was full: {count} requests were refused",
        rule=told.subject,
        count=_many(told.refused),
    ),
}
