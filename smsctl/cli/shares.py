"""A share of all sends in words and as a document: what stands out, and whose a prefix is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smsctl.core.breakdown import By, Share, converts_badly
from smsctl.core.carriers import KINDS, NETWORKS, carrier_of
from smsctl.core.phrase import NOTHING, Phrase, phrase

LOW = phrase("low conversion")


def remarks(share: Share, by: By, average: float | None) -> list[Phrase]:
    """Return what stands out; `average` is the conversion of all shares together, in percent."""
    told = [LOW] if converts_badly(share, average) else []
    carrier = carrier_of(share.name) if by == "prefix" else None
    if carrier is not None:
        if carrier.conspicuous:
            told.append(KINDS[carrier.kind])
        if carrier.network is not None:
            told.append(NETWORKS[carrier.network])
    return told


def share_document(share: Share, by: By, *, low: bool) -> Mapping[str, Any]:
    """Return the share with its name under `by`; callers have phones, prefixes a network."""
    told: dict[str, Any] = {
        by: share.name,
        "sent": share.sent,
        "verified": share.verified,
        "conversion": percent(share),
        "refused": share.refused,
        "low_conversion": low,
    }
    if by in {"prefix", "ip"}:
        told["phones"] = share.phones
    if by == "prefix":
        carrier = carrier_of(share.name)
        told["network"] = carrier and carrier.network
        told["kind"] = carrier and carrier.kind
    return told


def percent(share: Share) -> float | None:
    """Return the conversion to one place."""
    return None if share.conversion is None else round(share.conversion, 1)


def joined(told: Sequence[Phrase]) -> Phrase:
    """Return remarks as one phrase."""
    if len(told) < 2:  # noqa: PLR2004 - two or more are joined
        return told[0] if told else NOTHING
    first, second, *rest = told
    both = phrase("{first}, {second}", first=first, second=second)
    return joined([both, *rest]) if rest else both
