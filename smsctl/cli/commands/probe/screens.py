"""What `probe` says: its document, its lines of TSV, its table, and its line for monitoring.

Never a code or a challenge: what was sent is for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from smsctl.cli.commands import plugin
from smsctl.cli.commands.send.outcomes import refusal
from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Column, Grid, Heading, seconds
from smsctl.cli.frame.screen import Tone
from smsctl.cli.frame.words import Words
from smsctl.core.carriers import KINDS, NETWORKS, carrier_of
from smsctl.core.phrase import NOTHING, Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.probe import Outcome, Probed  # redis-py: 75 ms

COLUMNS = (
    "phone",
    "network",
    "kind",
    "outcome",
    "latency_s",
    "seen_after_s",
    "code",
    "reason",
    "rule",
    "why",
    "request_id",
    "message_id",
)

_WORDS: Mapping[Outcome, Phrase] = {
    "delivered": phrase("delivered"),
    "failed": phrase("failed"),
    "waiting": phrase("no receipt"),
    "untold": phrase("not known"),
    "unknown": phrase("outcome unknown"),
    "refused": phrase("refused"),
    "rejected": phrase("rejected"),
    "error": phrase("error"),
}
_TONES: Mapping[Outcome, Tone] = {"delivered": "good", "refused": "warn", "untold": "warn"}
_UNPROVED = {"refused", "untold", "error"}
"""Outcomes that say nothing of the gateway and the carriers."""


def probe_document(found: Sequence[Probed], words: Words, *, wait: float) -> Mapping[str, Any]:
    """Return `smsctl.probe/1`; phones in the order given."""
    return {
        "ok": all(one.outcome == "delivered" for one in found),
        "delivered": _arrived(found),
        "phones": len(found),
        "wait_s": seconds(wait),
        "carriers": [
            {
                "network": name,
                "phones": len(same),
                "delivered": _arrived(same),
                "fastest_s": seconds(min(_latencies(same), default=None)),
                "slowest_s": seconds(max(_latencies(same), default=None)),
            }
            for name, same in _by_network(found).items()
        ],
        "results": [
            {
                **dict(zip(COLUMNS, probe_row(one, words), strict=True)),
                "disputed": one.report is not None and one.report.disputed,
            }
            for one in found
        ],
    }


def probe_row(one: Probed, words: Words) -> Sequence[Cell]:
    """Return the line of TSV of one phone."""
    carrier, posted, refused = carrier_of(one.phone.e164), one.posted, one.refused
    why = _why(one)
    return (
        one.phone.masked,
        carrier.network if carrier else None,
        carrier.kind if carrier else None,
        one.outcome,
        seconds(one.latency),
        seconds(one.seen_after),
        one.code,
        refused.reason if refused is not None else None,
        refused.rule if refused is not None else None,
        words.say(why) if why else None,
        posted.request_id if posted else None,
        posted.message_id if posted else None,
    )


def probe_blocks(found: Sequence[Probed]) -> Iterator[Block]:
    """Yield a row for each phone, why one did not get its message, and each carrier's times."""
    yield Grid(
        (
            Column("Phone"),
            Column("Carrier"),
            Column("Outcome"),
            Column("Seconds", right=True),
            Column("Code"),
        ),
        [
            (
                one.phone.masked,
                _carrier(one),
                _WORDS[one.outcome],
                "" if one.latency is None else f"{one.latency:.3g}",
                one.code or "",
            )
            for one in found
        ],
        tones={n: _TONES.get(one.outcome, "bad") for n, one in enumerate(found)},
    )
    for one in found:
        if one.outcome != "delivered":
            yield from _explained(one)
        if one.report and one.report.disputed:
            said = phrase("the vendor's records of {phone} contradict each other", phone=one.phone)
            yield Folded(said, mark="warn")
    carriers = _by_network(found)
    if not carriers:
        return
    yield Heading("By carrier")
    yield Grid(
        (
            Column("Carrier"),
            Column("Delivered", right=True),
            Column("Fastest", right=True),
            Column("Slowest", right=True),
        ),
        [
            (
                _named(name),
                f"{_arrived(same)}/{len(same)}",
                _time(min(_latencies(same), default=None)),
                _time(max(_latencies(same), default=None)),
            )
            for name, same in carriers.items()
        ],
    )


def probe_verdict(found: Sequence[Probed]) -> plugin.PluginStatus:
    """Return the verdict: critical where a message did not arrive, unknown where none was sent."""
    missing = [one for one in found if one.outcome != "delivered"]
    lost = [one for one in missing if one.outcome not in _UNPROVED]
    code: Literal[0, 2, 3] = plugin.OK if not missing else plugin.UNKNOWN
    if lost:
        code = plugin.CRITICAL
    told = [f"{_arrived(found)} of {len(found)} delivered"]
    told += [f"{one.phone.masked} {one.outcome}{_named_code(one)}" for one in missing]
    numbers = [f"delivered={_arrived(found)};;;0;{len(found)}"]
    for name, same in _by_network(found).items():
        if times := _latencies(same):
            numbers.append(f"'{name}'={max(times):.3f}s;;;0")
    told_line = f"{', '.join(told)} | {' '.join(numbers)}"
    return plugin.PluginStatus(code, f"SMSCTL {plugin.WORDS[code]} - {told_line}")


def _named_code(one: Probed) -> str:
    named = one.code
    if one.refused is not None:
        named = one.refused.rule or one.refused.reason
    return f" ({named})" if named else ""


def _explained(one: Probed) -> Iterator[Block]:
    why = _why(one) or _WORDS[one.outcome]
    if one.refused is None:  # a refusal names the phone itself
        why = phrase("{phone}: {why}", phone=one.phone, why=why)
    yield Folded(why, mark="warn" if one.outcome in _UNPROVED else "bad")
    remedy = _remedy(one)
    if remedy:
        yield Folded(remedy, tone="dim", indent=2)


def _why(one: Probed) -> Phrase:
    """Return why the message did not arrive, in words; nothing of one that did."""
    if one.refused is not None:
        return refusal(one.refused)
    if one.outcome == "failed":
        from smsctl.vendors.codes.table import entry_of  # noqa: PLC0415 - only for who has a code

        entry = entry_of(one.code or "")
        return entry.meaning if entry else phrase("the carrier did not deliver it")
    if one.outcome == "waiting":
        return phrase("the gateway took it, and no receipt came in time")
    return one.why


def _remedy(one: Probed) -> Phrase:
    from smsctl.vendors.codes.table import entry_of  # noqa: PLC0415 - only for who has a code

    entry = entry_of(one.code) if one.code else None
    if entry:
        return entry.remedy
    if one.outcome == "waiting":
        return phrase("is the phone on? Else give it longer: --wait 5m")
    return NOTHING


def _by_network(found: Sequence[Probed]) -> Mapping[str, list[Probed]]:
    """Return the phones that the gateway has a message for, by network; those abroad by country.

    What was refused before says nothing of a carrier.
    """
    kept: dict[str, list[Probed]] = {}
    for one in found:
        if one.posted is None:
            continue
        carrier = carrier_of(one.phone.e164)
        name = (carrier.network or "other") if carrier else one.phone.country
        kept.setdefault(name, []).append(one)
    return kept


def _carrier(one: Probed) -> Phrase | str:
    carrier = carrier_of(one.phone.e164)
    if carrier is None:
        return one.phone.country
    named = _named(carrier.network or "other")
    if not carrier.conspicuous:
        return named
    return phrase("{first}, {second}", first=named, second=KINDS[carrier.kind])


def _named(name: str) -> Phrase | str:
    known = {str(network): said for network, said in NETWORKS.items()}
    return known.get(name, phrase("another") if name == "other" else name)


def _latencies(found: Sequence[Probed]) -> list[float]:
    return [one.latency for one in found if one.latency is not None]


def _arrived(found: Sequence[Probed]) -> int:
    return sum(one.outcome == "delivered" for one in found)


def _time(value: float | None) -> Phrase | str:
    return "" if value is None else phrase("{s} s", s=f"{value:.3g}")
