"""What answers where a store is expected may say anything: it is told as no store, and in time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.errors import StoreUnavailable
from smsctl.store import replies
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.target import read_target
from tests.fuzz.babbler import TIMEOUT, Babbler

SENTINEL = "redis+sentinel://{}/service/0"
CLUSTER = "redis+cluster://{}"


@pytest.fixture
def babbler() -> Iterator[Babbler]:
    """Return a server that says what it is told to."""
    babbler = Babbler()
    yield babbler
    babbler.close()


def ask(babbler: Babbler, url: str, *, blocking: bool) -> object:
    """Ask once for the time."""
    site = read_target(url.format(babbler.place), timeout=TIMEOUT)

    async def once(connection: BlockingConnection | AsyncConnection) -> object:
        try:
            (reply,) = await connection.read([("TIME",)])
            return replies.seconds(reply)  # before redis-py 6 an unasked message is an answer
        finally:
            await connection.close()

    if blocking:
        return run_blocking(once(BlockingConnection(site)))
    return asyncio.run(once(AsyncConnection(site)))


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("redis://{}/0", b"%1\r\n*0\r\n:1\r\n"),  # a mapping that has a list for a key
        ("redis://{}/0", b"-ASK x\r\n"),
        ("redis://{}/0", b"-MOVED x 127.0.0.1\r\n"),
        ("redis://{}/0", b">1\r\n:1\r\n" * 3000),  # nobody subscribed
        (CLUSTER, b"-MOVED 1 127.0.0.1:99999\r\n"),
        (SENTINEL, b"*2\r\n$9\r\n127.0.0.1\r\n$1\r\nx\r\n*0\r\n"),
        (SENTINEL, b"*2\r\n$9\r\n127.0.0.1\r\n$5\r\n99999\r\n*0\r\n"),
        (SENTINEL, b"*2\r\n$10\r\n127.0.0.1\x00\r\n$1\r\n1\r\n*0\r\n"),
    ],
)
def test_no_reply_is_so_odd_that_it_ends_in_a_traceback(
    babbler: Babbler, url: str, answer: bytes, *, blocking: bool
) -> None:
    """Whatever redis-py and hiredis make of it, the store is unavailable."""
    babbler.answer = answer
    with pytest.raises(StoreUnavailable):
        ask(babbler, url, blocking=blocking)


@pytest.mark.parametrize("blocking", [True, False])
def test_a_reply_that_trickles_in_is_late_as_a_whole(babbler: Babbler, *, blocking: bool) -> None:
    """Each byte comes in time, and the last of them after a week."""
    babbler.answer, babbler.ending = b"$99999999\r\n" + b"x" * 25_000_000, "drip"
    with pytest.raises(StoreUnavailable, match="did not answer in time"):
        ask(babbler, "redis://{}/0", blocking=blocking)
