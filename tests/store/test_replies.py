"""What no script of ours answers is no answer: it is told, and never read as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.core.policy import Policy
from smsctl.store import replies
from smsctl.store.admin import RedisAdmin
from smsctl.store.calls import Scripts
from smsctl.store.health import fsync, health
from smsctl.testing import Clock

UNREADABLE = "the store answered something that smsctl did not write"


class Told:
    """A connection that answers what it was told to."""

    place = "nowhere"

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    async def call(self, name: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        return self._answers.pop(0)

    async def read(self, commands: Sequence[Any]) -> list[Any]:
        answer: list[Any] = self._answers.pop(0)
        return answer

    async def close(self) -> None:
        """Nothing is open."""


def admin(*answers: Any) -> RedisAdmin:
    return RedisAdmin(
        Scripts(Told(*answers), policy=Policy(), prefix="sms", fingerprint=b"f", clock=Clock())
    )


def standing(reply: Any) -> object:
    return replies.standing(reply, subjects=["someone"], purpose="login")


@pytest.mark.parametrize("one", [True, 1.0])
@pytest.mark.parametrize("decode", [replies.verdict, replies.done])
def test_only_the_integer_one_is_a_yes(decode: Callable[[Any], object], one: object) -> None:
    """RESP3 has booleans and doubles that equal it, and a stranger's server may answer them."""
    decode([1])
    with pytest.raises(StoreUnavailable, match=UNREADABLE):
        decode([one])


@pytest.mark.parametrize(
    ("decode", "reply"),
    [
        (replies.look, [0, b"fuse", True, 60_000]),
        (replies.reserve, [1, 300_000, 2**64]),
        (replies.settled, [1, b"\xff\xfe"]),
        (replies.settled, [1, b"never heard of"]),
        (replies.verdict, [-1, 10**18]),
        (replies.done, [-1, -(10**15)]),
        (standing, [1, 0, [1, b"phone-minute", 1], []]),
        (standing, [1, 0, [0, b"phone-minute", 1, 41_000], []]),
        (standing, [1, 0, [2, b"phone-minute", 1, 41_000], []]),
        (standing, [1, 0, [1, 7, 1, 41_000], []]),
        (standing, [1, 0, [], [281_000]]),
        (standing, [1, 0, [], [b"281000", 3]]),
    ],
)
def test_a_reply_of_another_shape_is_told(decode: Callable[[Any], object], reply: Any) -> None:
    """Wrong types, numbers beyond any clock, lists that are too short."""
    with pytest.raises(StoreUnavailable, match=UNREADABLE):
        decode(reply)


@pytest.mark.parametrize(
    ("time", "tallies"),
    [
        ([b"now", b"0"], [[]] * 3),
        ([], [[]] * 3),
        (7, [[]] * 3),
        ([b"1", b"0"], [[b"sent"]] * 3),
        ([b"1795406400", b"0"], [[b"sent", b"many"]] * 3),
        ([b"1795406400", b"0"], [[7, 7]] * 3),
        ([b"1795406400", b"0"], [b"sent"] * 3),
    ],
)
def test_usage_reads_no_other_shape(time: Any, tallies: Any) -> None:
    """The day's tallies are a hash of counts, and the time is two numbers."""
    with pytest.raises(StoreUnavailable, match=UNREADABLE):
        run_blocking(admin([time, *tallies]).usage(1))


@pytest.mark.parametrize("kept", [[b"not JSON"], [b"{}"], [b"\xff"], [7], 7])
def test_an_audit_record_of_another_hand_is_told(kept: Any) -> None:
    """What is not one of ours is not shown as one."""
    with pytest.raises(StoreUnavailable, match=UNREADABLE):
        run_blocking(admin([kept]).acts())


def test_a_server_of_unheard_of_words_is_described_as_far_as_it_goes() -> None:
    """A proxy's INFO may say anything; what is no number is none."""
    info = b"redis_version:unstable\r\nconnected_slaves:some\r\nmaxmemory:\xff\r\n"
    told = run_blocking(health(Told([[b"1", b"2"], 7], [info]), prefix="sms"))
    assert (told.level, told.replicas, told.maxmemory, told.fingerprint) == ((0, 0), 0, None, None)
    assert run_blocking(fsync(Told([7]))) is None


@pytest.mark.parametrize("answers", [([7, b""], [b""]), ([[b"1", b"2"], b""], [7])])
def test_a_server_that_does_not_speak_like_one_is_told(answers: Any) -> None:
    """TIME is two numbers and INFO a text."""
    connection = Told(*answers)
    with pytest.raises(StoreUnavailable, match=UNREADABLE):
        run_blocking(health(connection, prefix="sms"))
