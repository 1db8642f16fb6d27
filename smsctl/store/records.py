"""What the scripts wrote of the past, decoded. Pure: bytes in, the core's values out.

The forms are those of `format.py`, and of `lua/parts/event.lua`, `turn_away.lua`, `tally.lua` and
`offenders.lua`. What a newer smsctl wrote is skipped and counted.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal, cast

from smsctl.core.admin import Cell
from smsctl.core.history import (
    Admitted,
    Caller,
    Event,
    Guessed,
    Offender,
    Offenders,
    Receipt,
    RuleLevel,
    Settled,
    TurnedAway,
)
from smsctl.core.naming import NOBODY
from smsctl.store import replies
from smsctl.store.format import BLOCK, EVENT, OFFENDERS, REFUSAL, Newer
from smsctl.store.layout import BLAMES, HUMANITY

Decrypt = Callable[[bytes, bytes], tuple[str, str, str | None]]
"""From names and what is encrypted to the masked phone, the prefix and the address."""

_NAME = 12  # bytes
_NAMES = 3 * _NAME  # phone, prefix and address
_AS_THEY_WERE, _MERGED = 1, 2  # the kinds of a block, by whether identical refusals are one
_STATES = {2: "sent", 3: "rejected", 4: "unknown"}
_RESULTS = {0: "verified", 1: "mismatch", 2: "exhausted"}
_STATUS = {1: "waiting", 2: "failed", 3: "delivered"}
_WHATS = {
    *("pending", "sent", "rejected", "unknown", "verified", "unverified", "refused", "observed"),
    *("outage", "test"),
}
_UNREADABLE = (IndexError, KeyError, ValueError)


class Reader:
    """Takes one packed record apart, from its beginning."""

    def __init__(self, packed: bytes, place: int = 0) -> None:
        self._packed = packed
        self._place = place

    def number(self, size: int) -> int:
        """Return the next unsigned number of so many bytes."""
        return int.from_bytes(self.bytes(size))

    def bytes(self, size: int) -> bytes:
        """Return the next bytes. Raises ValueError where there are fewer."""
        taken = self._packed[self._place : self._place + size]
        if len(taken) < size:
            raise ValueError(size)
        self._place += size
        return taken

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._place >= len(self._packed)

    def text(self) -> str:
        """Return the next text, behind its length of one byte."""
        return self.bytes(self.number(1)).decode("utf-8", "replace")

    def time(self) -> float:
        """Return the next moment in Unix seconds."""
        return self.number(6) / 1000


# Tallies


def day_cells(
    tally: Mapping[bytes, bytes], refusals: bytes | None, newer: Newer
) -> Mapping[Cell, int]:
    """Return a day's counts: its tally, and the refusals that are not digested yet."""
    cells: Counter[Cell] = Counter()
    try:
        for field, count in tally.items():
            cell = _cell(field.decode("utf-8", "replace"))
            if cell is not None:
                cells[cell] += int(count)
            elif not field.startswith(b"offenders:"):
                newer.note("tally", field)
        for _, common in split_refusals(refusals or b"", newer):
            hour, kind, name = _counted(common)
            if kind != _REJECTED:  # the tally has those
                what = "unverified" if kind == _GUESS else "refused"
                reason, purpose, country = name.rsplit("|", 2)
                cells[Cell(what, reason, purpose, country, hour)] += 1
    except _UNREADABLE:
        raise replies.unreadable() from None
    return {cell: count for cell, count in cells.items() if count}


def _cell(field: str) -> Cell | None:
    """Return what a field counts, or None where a newer smsctl knows."""
    kind, *rest = field.rsplit("|", 3)
    what, _, name = kind.partition(":")
    match rest:
        case [purpose, country, hour] if what in _WHATS and hour.isdigit():
            return Cell(what, name, purpose, country, int(hour))
        case _:
            return None


def _counted(common: bytes) -> tuple[int, int, str]:
    """Return hour, kind and `reason|purpose|country`."""
    return common[0], common[1], common[3 : 3 + common[2]].decode("utf-8", "replace")


# Events


def event(packed: bytes, decrypt: Decrypt, newer: Newer) -> Event | None:
    """Return the event that `parts/event.lua` wrote, or None where a newer smsctl did.

    Raises StoreUnavailable for one that is damaged.
    """
    reader = Reader(packed)
    try:
        if reader.number(1) == EVENT.generation and (kind := reader.number(1)) in _KINDS:
            return _event(kind, reader, decrypt)
    except _UNREADABLE:
        raise replies.unreadable() from None
    newer.note(EVENT.name, packed)
    return None


_KINDS = range(1, 5)


def _event(kind: int, reader: Reader, decrypt: Decrypt) -> Event:
    at = reader.time()
    match kind:
        case 1:
            return _admitted(at, reader, decrypt)
        case 2:
            state, blame = reader.number(1), reader.number(1)
            return Settled(
                at=at,
                state=cast(Any, _STATES[state]),
                blame=BLAMES[blame],
                request_id=reader.text(),
                message_id=reader.text() or None,
                vendor_request_id=reader.text() or None,
                vendor_code=reader.text() or None,
            )
        case 3:
            result, left = reader.number(1), reader.number(1)
            return Guessed(
                at=at,
                result=cast(Any, _RESULTS[result]),
                tries_left=left,
                request_id=reader.text(),
            )
        case 4:
            status, received = reader.number(1), reader.time()
            return Receipt(
                at=at,
                status=cast(Any, _STATUS[status]),
                received=received or None,
                request_id=reader.text(),
                code=reader.text(),
            )
        case _:
            raise ValueError(kind)


def pack_receipt(receipt: Receipt) -> bytes:
    """Return a receipt as `parts/event.lua` keeps it behind its time."""
    status = {told: number for number, told in _STATUS.items()}[receipt.status]
    received = round((receipt.received or 0) * 1000).to_bytes(6)
    texts = [text.encode("utf-8", "replace")[:255] for text in (receipt.request_id, receipt.code)]
    return bytes([status]) + received + b"".join(b"%c%b" % (len(text), text) for text in texts)


def _admitted(at: float, reader: Reader, decrypt: Decrypt) -> Admitted:
    names, flag, encrypted = reader.bytes(_NAMES), reader.number(1), reader.bytes(reader.number(1))
    reader.text()  # the captcha's codes: of an admitted send there are none
    request_id, about = reader.text(), reader.text()
    rules = [(reader.number(4), reader.text()) for _ in range(reader.number(1))]
    levels = [RuleLevel(rule=rule, used=reader.number(4), max=most) for most, rule in rules]
    return Admitted(
        at=at,
        request_id=request_id,
        caller=_caller(names, encrypted, about, decrypt),
        captcha=HUMANITY[flag],
        levels=tuple(levels),
    )


def _caller(names: bytes, encrypted: bytes, about: str, decrypt: Decrypt) -> Caller:
    phone, prefix, address = decrypt(names, encrypted)
    purpose, _, country = about.partition("|")
    return Caller(
        name=base64.urlsafe_b64encode(names[:_NAME]).decode(),
        phone=phone,
        prefix=prefix,
        address=address,
        country=country,
        purpose=purpose,
    )


# Refusals


def split_refusals(packed: bytes, newer: Newer) -> Iterator[tuple[bytes, bytes]]:
    """Yield each refusal: `at wait max`, and what identical ones have in common."""
    place, head, mark = 0, REFUSAL.size, REFUSAL.place("generation")
    while place + mark <= len(packed):
        size, generation = int.from_bytes(packed[place : place + 2]), packed[place + mark - 1]
        known = generation == REFUSAL.generation
        if size <= (head if known else mark - 1) or place + size > len(packed):
            return
        if known:
            yield packed[place + mark : place + head], packed[place + head : place + size]
        else:
            newer.note(REFUSAL.name, packed[place : place + size])
        place += size


def recent(packed: bytes, decrypt: Decrypt, newer: Newer) -> list[TurnedAway]:
    """Return refusals as they were remembered, identical ones as one."""
    found: dict[bytes, tuple[bytes, bytes, int]] = {}
    for head, common in split_refusals(packed, newer):
        first, _, count = found.get(common, (head, head, 0))
        found[common] = (first, head, count + 1)
    try:
        return [
            _turned_away(common, first[:6], last, count, decrypt)
            for common, (first, last, count) in found.items()
        ]
    except _UNREADABLE:
        raise replies.unreadable() from None


def earlier(packed: Sequence[bytes], decrypt: Decrypt, newer: Newer) -> Iterator[list[TurnedAway]]:
    """Yield the refusals of each block that was digested, oldest first."""
    try:
        for head, body in zip_longest(packed[::2], packed[1::2], fillvalue=b""):
            if head[:1] != bytes([BLOCK.generation]) or head[1] not in {_AS_THEY_WERE, _MERGED}:
                newer.note(BLOCK.name, head)
            elif head[1] == _AS_THEY_WERE:
                yield recent(body, decrypt, newer)
            else:
                yield [
                    _turned_away(rest[10:], rest[4:10], newest, int.from_bytes(rest[:4]), decrypt)
                    for newest, rest in split_refusals(body, newer)
                ]
    except _UNREADABLE:
        raise replies.unreadable() from None


def rolled(packed: Sequence[bytes]) -> bool:
    """Say whether blocks were dropped before these: the first does not begin at the beginning."""
    end = BLOCK.place("end") - 1
    return bool(packed) and int.from_bytes(packed[0][end : end + 6]) > len(packed[1])


def _turned_away(
    common: bytes, first: bytes, last: bytes, count: int, decrypt: Decrypt
) -> TurnedAway:
    reader = Reader(common, 2)
    reason, purpose, country = reader.text().rsplit("|", 2)
    names, _, encrypted = reader.bytes(_NAMES), reader.number(1), reader.bytes(reader.number(1))
    codes = reader.text().split()
    at, wait, most = (int.from_bytes(last[a:b]) for a, b in ((0, 6), (6, 12), (12, 16)))
    kind = common[1]
    rule = reason if most and kind != _GUESS and reason != "locked" else None
    if rule is not None:
        reason = "fuse" if kind == _FUSE else "limit"
    return TurnedAway(
        first=int.from_bytes(first) / 1000,
        last=at / 1000,
        count=count,
        act="verify" if kind == _GUESS else "send",
        caller=_caller(names, encrypted, f"{purpose}|{country}", decrypt),
        reason=reason,
        rule=rule,
        max=most if rule is not None else 0,
        retry_after=wait / 1000 if wait else None,
        codes=tuple(codes),
    )


_FUSE, _GUESS, _REJECTED = 3, 8, 9


# Offenders


def offenders(
    summary: bytes | None,
    packed: bytes,
    dimension: Literal["ip", "prefix"],
    decrypt: Decrypt,
    newer: Newer,
) -> Offenders:
    """Return a day's heavy hitters: its summary, and the refusals that are not digested yet."""
    counts: Counter[bytes] = Counter()
    who: dict[bytes, bytes] = {}
    try:
        error, total = _summary(summary or b"", counts, who, newer)
        for _, common in split_refusals(packed, newer):
            if name := _refused(common, dimension, who):
                counts[name] += 1
                total += 1
        entries = [
            Offender(who=_shown(decrypt, who[name], dimension), count=count)
            for name, count in counts.most_common()
        ]
    except _UNREADABLE:
        raise replies.unreadable() from None
    return Offenders(entries=entries, error=error, total=total)


def _summary(
    packed: bytes, counts: Counter[bytes], who: dict[bytes, bytes], newer: Newer
) -> tuple[int, int]:
    if not packed:
        return 0, 0
    reader = Reader(packed)
    if reader.number(1) != OFFENDERS.generation:
        newer.note(OFFENDERS.name, packed)
        return 0, 0
    error, total = reader.number(4), reader.number(4)
    while not reader.ended:
        name, count = reader.bytes(_NAME), reader.number(4)
        counts[name], who[name] = count, reader.bytes(reader.number(1))
    return error, total


def _refused(
    common: bytes, dimension: Literal["ip", "prefix"], who: dict[bytes, bytes]
) -> bytes | None:
    """Return the name that a refusal counts for, noting who that is; None where for nobody."""
    reader = Reader(common, 2)
    reader.text()
    names, _, encrypted = reader.bytes(_NAMES), reader.number(1), reader.bytes(reader.number(1))
    name = names[2 * _NAME :] if dimension == "ip" else names[_NAME : 2 * _NAME]
    if common[1] in {_GUESS, _REJECTED} or name == NOBODY:
        return None
    who.setdefault(name, names + encrypted)
    return name


def _shown(decrypt: Decrypt, who: bytes, dimension: Literal["ip", "prefix"]) -> str:
    _, prefix, address = decrypt(who[:_NAMES], who[_NAMES:])
    return prefix if dimension == "prefix" else address or ""
