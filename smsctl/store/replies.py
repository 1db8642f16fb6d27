"""What the scripts answer, decoded. Pure: bytes and integers in, the core's values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from smsctl.core.errors import ConfigError, Problem, StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.core.ports import (
    Clear,
    Denied,
    Level,
    LiveCode,
    Repeated,
    Reserved,
    Standing,
    State,
    Taken,
    Verdict,
)

_FUSE = 2
_LARGEST = 2**53  # beyond it a Lua number skips integers
_END_OF_TIME = 253_402_300_800_000  # ms, the year 10000: no datetime goes further
_NAME, _RESERVED = 8, 13  # where a refusal's name begins; how long the reply to a reservation is


def look(reply: Any) -> Clear | Denied | Repeated | Taken:
    """Decode what `look` returns."""
    found = _admission(reply)
    if isinstance(found, Reserved):
        raise unreadable()
    return found


def reserve(reply: Any) -> Denied | Repeated | Reserved | Taken:
    """Decode what `reserve` returns."""
    found = _admission(reply)
    if isinstance(found, Clear):
        raise unreadable()
    return found


def _admission(reply: Any) -> Clear | Denied | Repeated | Reserved | Taken:
    match _checked(reply):
        case bytes() if reply[:1] == b"\0" and len(reply) > _NAME:
            wait, rule = int.from_bytes(reply[2:_NAME], "big"), _text(reply[_NAME:])
            return Denied(rule=rule, fuse=reply[1] == _FUSE, retry_after=wait / 1000)
        case bytes() if reply[:1] == b"\1" and len(reply) == _RESERVED:
            expires, wait = int.from_bytes(reply[1:7], "big"), int.from_bytes(reply[7:], "big")
            return Reserved(expires_in=expires / 1000, retry_after=wait / 1000)
        case [1, int(expires), int(wait)]:
            return Reserved(expires_in=expires / 1000, retry_after=wait / 1000)
        case [
            2,
            (b"pending" | b"sent" | b"rejected" | b"unknown") as state,
            int(expires),
            int(wait),
            bytes(msg),
            bytes(req),
            bytes(why),
        ]:
            return Repeated(
                state=cast(State, _text(state)),
                expires_in=expires / 1000,
                retry_after=wait / 1000,
                message_id=_text(msg) or None,
                vendor_request_id=_text(req) or None,
                vendor_code=_text(why) or None,
            )
        case [3]:
            return Clear()
        case [4]:
            return Taken()
        case _:
            raise unreadable()


def settled(reply: Any) -> State | None:
    """Decode what `settle` returns: the state that stands, None where the reservation is gone."""
    match _checked(reply):
        case [1, (b"pending" | b"sent" | b"rejected" | b"unknown") as state]:
            return cast(State, _text(state))
        case [0]:
            return None
        case _:
            raise unreadable()


def verdict(reply: Any) -> Verdict:
    """Decode what `verify` returns."""
    match _checked(reply):
        case [1]:
            return Verdict(result="verified")
        case [2, int(left)]:
            return Verdict(result="mismatch", tries_left=left)
        case [3]:
            return Verdict(result="exhausted")
        case [4]:
            return Verdict(result="missing")
        case [5, int(wait)]:
            return Verdict(result="locked", retry_after=wait / 1000)
        case _:
            raise unreadable()


def standing(reply: Any, *, subjects: Sequence[str], purpose: str) -> Standing:
    """Decode what `show` returns; `subjects` are those of its tracks, in their order."""
    match _checked(reply):
        case [1, int(wrong), list(levels), list(codes)]:
            return Standing(
                levels=[_level(each, subjects) for each in _by(4, levels)],
                codes=[_code(each, purpose) for each in _by(2, codes)],
                wrong=wrong,
            )
        case _:
            raise unreadable()


def done(reply: Any) -> None:
    """Decode what `refuse`, `reset` and `record` return."""
    if _checked(reply) != [1]:
        raise unreadable()


def seconds(reply: Any) -> int:
    """Decode what TIME answers, without its microseconds."""
    match reply:
        case [bytes(told), bytes()] if told.isdigit() and len(told) <= len(str(_END_OF_TIME)):
            return min(int(told), _END_OF_TIME // 1000 - 86400)  # a day less: it gets a time zone
        case _:
            raise unreadable()


def counts(reply: Any) -> Mapping[str, int]:
    """Decode what HGETALL answers of counts by name."""
    match reply:
        case list() if len(reply) % 2 == 0 and all(isinstance(each, bytes) for each in reply):
            pairs = dict(zip(map(_text, reply[::2]), reply[1::2], strict=True))
        case _:
            raise unreadable()
    try:
        return {name: int(count) for name, count in pairs.items()}
    except ValueError:
        raise unreadable() from None


def _level(told: Sequence[Any], subjects: Sequence[str]) -> Level:
    match told:
        case (int(track), bytes(name), int(used), int(wait)) if 1 <= track <= len(subjects):
            subject = subjects[track - 1]
            return Level(rule=_text(name), subject=subject, used=used, retry_after=wait / 1000)
        case _:
            raise unreadable()


def _code(told: Sequence[Any], purpose: str) -> LiveCode:
    match told:
        case (int(expires), int(left)):
            return LiveCode(purpose=purpose, expires_in=expires / 1000, tries_left=left)
        case _:
            raise unreadable()


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _by(count: int, flat: Sequence[Any]) -> list[tuple[Any, ...]]:
    if len(flat) % count:
        raise unreadable()
    return list(zip(*[iter(flat)] * count, strict=True))


def _checked(reply: Any) -> Any:
    if not _scripted(reply):
        raise unreadable()
    match reply:
        case [-1, int(now)] if 0 <= now < _END_OF_TIME:
            server = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="seconds")
            raise StoreUnavailable(
                phrase(
                    "the store's clock says {server}, more than a day from this host's",
                    server=server,
                ),
                hint=phrase("set both clocks by NTP"),
            )
        case [-2]:
            raise ConfigError(
                Problem(
                    "code.secret",
                    phrase("the store belongs to another secret than this host's"),
                    phrase(
                        "give every host the same code.secret; after a change on purpose, delete "
                        "the key that ends in :secret: live codes and per-phone counts are lost"
                    ),
                )
            )
        case _:
            return reply


def _scripted(reply: Any) -> bool:
    """Say whether a script can answer it. To a pattern True and 1.0 are 1, which says verified."""
    kind = type(reply)
    if kind is list:
        return all(map(_scripted, reply))
    return kind is bytes or (kind is int and -_LARGEST <= reply <= _LARGEST)


def unreadable() -> StoreUnavailable:
    """Return the error for what no script of ours writes."""
    return StoreUnavailable(
        "the store answered something that smsctl did not write",
        hint=phrase("is store.prefix shared with another program?"),
    )
