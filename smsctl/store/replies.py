"""What the scripts answer, decoded. Pure: bytes and integers in, the core's values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from smsctl.core.admin import Level, LiveCode, Standing
from smsctl.core.errors import ConfigError, Problem, StoreUnavailable
from smsctl.core.phrase import phrase
from smsctl.core.ports import (
    Clear,
    LimitExceeded,
    Outdated,
    Repeated,
    Reserved,
    State,
    Taken,
    VerifyResult,
)

_FUSE = 3
_LARGEST = 2**53  # beyond it a Lua number skips integers
_END_OF_TIME = 253_402_300_800_000  # ms, the year 10000: no datetime goes further
_NAME, _RESERVED = 8, 14  # where a refusal's name begins; how long the reply to a reservation is


def look(reply: Any) -> Clear | LimitExceeded | Repeated | Taken | Outdated:
    """Decode what `look` returns."""
    found, _ = _admission(reply)
    if isinstance(found, Reserved):
        raise unreadable()
    return found


def reserve(reply: Any) -> tuple[LimitExceeded | Repeated | Reserved | Taken | Outdated, bool]:
    """Decode what `reserve` returns, and whether it raised an alert."""
    found, raised = _admission(reply)
    if isinstance(found, Clear):
        raise unreadable()
    return found, raised


def _admission(
    reply: Any,
) -> tuple[Clear | LimitExceeded | Repeated | Reserved | Taken | Outdated, bool]:
    told = _checked(reply)
    raised = isinstance(told, bytes) and len(told) == _RESERVED and told[-1:] == b"\1"
    return _admitted(told), raised


def _admitted(told: Any) -> Clear | LimitExceeded | Repeated | Reserved | Taken | Outdated:
    match told:
        case bytes() if told[:1] == b"\0" and len(told) > _NAME:
            wait, rule = int.from_bytes(told[2:_NAME], "big"), _text(told[_NAME:])
            return LimitExceeded(rule=rule, fuse=told[1] == _FUSE, retry_after=wait / 1000)
        case bytes() if told[:1] == b"\1" and len(told) == _RESERVED and told[-1] <= 1:
            expires, wait = int.from_bytes(told[1:7], "big"), int.from_bytes(told[7:13], "big")
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
        case [4] | [-3]:
            return Taken() if told == [4] else Outdated()
        case _:
            raise unreadable()


def settled(reply: Any) -> tuple[State | None, bool]:
    """Decode what `settle` returns: the state that stands, None where the reservation is gone.

    And whether it raised an alert.
    """
    match _checked(reply):
        case [1, (b"pending" | b"sent" | b"rejected" | b"unknown") as state, (0 | 1) as raised]:
            return cast(State, _text(state)), raised == 1
        case [0]:
            return None, False
        case _:
            raise unreadable()


def turned_away(reply: Any) -> tuple[Outdated | None, bool]:
    """Decode what `refuse` returns, and whether it raised an alert."""
    match _checked(reply):
        case [1, (0 | 1) as raised]:
            return None, raised == 1
        case [-3]:
            return Outdated(), False
        case _:
            raise unreadable()


def verdict(reply: Any) -> VerifyResult:
    """Decode what `verify` returns."""
    match _checked(reply):
        case [1]:
            return VerifyResult(result="verified")
        case [2, int(left)]:
            return VerifyResult(result="mismatch", tries_left=left)
        case [3]:
            return VerifyResult(result="exhausted")
        case [4]:
            return VerifyResult(result="missing")
        case [5, int(wait)]:
            return VerifyResult(result="locked", retry_after=wait / 1000)
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
    """Decode what `reset`, `record` and `note` return."""
    if _checked(reply) != [1]:
        raise unreadable()


def raised(reply: Any) -> bool:
    """Decode what `raise` returns: whether the alert is new."""
    match _checked(reply):
        case [1, (0 | 1) as new]:
            return bool(new)
        case _:
            raise unreadable()


def written(reply: Any) -> bool:
    """Decode what `override` returns: whether the overrides are in force."""
    match _checked(reply):
        case [(0 | 1) as done]:
            return bool(done)
        case _:
            raise unreadable()


def lent(reply: Any) -> list[tuple[str, str]]:
    """Decode what `borrow` returns: edges, and what is kept of each."""
    match _checked(reply):
        case [1, *told]:
            return pairs(told)
        case _:
            raise unreadable()


def seconds(reply: Any) -> float:
    """Decode what TIME answers."""
    match reply:
        case [bytes(told), bytes(micro)] if (
            told.isdigit() and len(told) <= len(str(_END_OF_TIME)) and micro.isdigit()
        ):
            # A day less than there is: it gets a time zone.
            whole = min(int(told), _END_OF_TIME // 1000 - 86400)
            return whole + min(int(micro[:6]), 999_999) / 1_000_000
        case _:
            raise unreadable()


def executed(replies: Sequence[Any]) -> list[Any]:
    """Decode what a transaction answers, MULTI and EXEC among it: what its commands did.

    One of them may have failed, and the others not: what it asked for is damaged.
    """
    match replies[-1]:
        case list(told) if len(told) == len(replies) - 2:
            if any(isinstance(each, Exception) for each in told):
                raise unreadable()
            return told
        case _:
            raise unreadable()


def texts(reply: Any) -> Sequence[bytes]:
    """Decode what LRANGE answers."""
    match reply:
        case list() if all(isinstance(each, bytes) for each in reply):
            return reply
        case _:
            raise unreadable()


def raw_pairs(reply: Any) -> dict[bytes, bytes]:
    """Decode what HGETALL answers."""
    match reply:
        case list() if len(reply) % 2 == 0 and all(isinstance(each, bytes) for each in reply):
            return dict(zip(reply[::2], reply[1::2], strict=True))
        case _:
            raise unreadable()


def pairs(reply: Any) -> list[tuple[str, str]]:
    """Decode the same, as text."""
    return [(_text(name), _text(value)) for name, value in raw_pairs(reply).items()]


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


def newer() -> StoreUnavailable:
    """Return the error for what decides and is of a generation that this release does not know."""
    return StoreUnavailable(
        "the store holds what a newer smsctl wrote",
        hint=phrase("upgrade smsctl on this host"),
    )


def unreadable() -> StoreUnavailable:
    """Return the error for what no script of ours writes."""
    return StoreUnavailable(
        "the store answered something that smsctl did not write",
        hint=phrase("is store.prefix shared with another program?"),
    )
