"""No answer takes more memory than a vendor's longest could: what is longer is none."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.ports import Accepted, Human, NotHuman, Outage, Unclear
from smsctl.vendors.lane import Lane
from smsctl.vendors.network import LONGEST_ANSWER
from smsctl.vendors.turnstile import TurnstileCaptcha
from smsctl.vendors.turnstile_answers import verdict
from tests.fakes.siteverify import SECRET, TOKEN
from tests.fuzz.babbler import Babbler
from tests.fuzz.vendors import whole
from tests.vendors.samples import submit

PASSED = b'{"success": true}'
SENT = b'{"Code": "OK", "BizId": "1"}'


@pytest.fixture
def babbler() -> Iterator[Babbler]:
    """Return a vendor that says what it is told to."""
    babbler = Babbler(whole)
    yield babbler
    babbler.close()


def answer(body: bytes, *, length: int, packed: bool) -> bytes:
    """Return an answer whose body is filled up with spaces to so many bytes."""
    body = body + b" " * (length - len(body))
    coding = b"gzip" if packed else b"identity"
    sent = gzip.compress(body) if packed else body
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (coding, len(sent), sent)
    )


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("length", "said", "sent"),
    [(LONGEST_ANSWER, Human, Accepted), (LONGEST_ANSWER + 1, Outage, Unclear)],
)
def test_what_is_longer_than_any_answer_is_none(
    babbler: Babbler, lane: Lane, *, length: int, said: type, sent: type, packed: bool
) -> None:
    """It is measured unpacked: 300 KB of gzip can be 300 MB."""
    url = f"http://{babbler.place}"
    babbler.answer = answer(PASSED, length=length, packed=packed)
    captcha = TurnstileCaptcha(secret=SECRET, lane=lane, endpoint=url)
    assert isinstance(run_blocking(captcha.check(TOKEN, ip=None)), said)
    babbler.answer = answer(SENT, length=length, packed=packed)
    assert isinstance(submit(url, lane), sent)


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "deflate, gzip"])
def test_what_unfolds_without_end_takes_no_memory(
    babbler: Babbler, lane: Lane, coding: str
) -> None:
    """Packed twice, 16 MB are 200 bytes: no more of them is unpacked than is read."""
    body = b" " * 16_000_000
    for packing in coding.split(", "):
        body = gzip.compress(body) if packing == "gzip" else zlib.compress(body)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    babbler.answer = head.encode() + body
    captcha = TurnstileCaptcha(secret=SECRET, lane=lane, endpoint=f"http://{babbler.place}")
    tracemalloc.start()
    try:
        assert isinstance(run_blocking(captcha.check(TOKEN, ip=None)), Outage)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def test_no_more_codes_are_told_than_a_vendor_has() -> None:
    """They end up in a log line."""
    told = verdict(200, b'{"success": false, "error-codes": [%b"x"]}' % (b'"x",' * 5000))
    assert told == NotHuman(codes=["x"] * 8)
