"""What goes wrong on the way: whether the message may have been sent, and how soon one knows."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.core.ports import Accepted, Declined, Unclear
from smsctl.vendors.lane import Lane
from tests.fakes.aliyun import FakeAliyun
from tests.fakes.tls import self_signed
from tests.fakes.vendor import Answer, FakeVendor
from tests.vendors.samples import gateway, held, message, submit


@pytest.mark.parametrize("fault", ["reset", "short", "html", "empty", "array", "redirect"])
def test_an_answer_that_was_lost_may_have_been_a_message(
    aliyun: FakeAliyun, lane: Lane, fault: str
) -> None:
    """Invariant 3: the request was written, so quota and code are kept."""
    aliyun.script(fault)
    assert isinstance(submit(aliyun.url, lane), Unclear)
    assert len(aliyun.submitted) == 1


@pytest.mark.parametrize(
    "content", [[], "OK", 1, None, {}, {"Code": 1}, {"Code": ["OK"]}, {"Code": "two words"}]
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_answer_that_is_no_envelope_is_unclear(
    aliyun: FakeAliyun, lane: Lane, content: object, status: int
) -> None:
    """Whoever answered, it was not the vendor as we know it."""
    aliyun.script(Answer(status, content))
    assert isinstance(submit(aliyun.url, lane), Unclear)


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_the_deadline_is_wall_clock_time(aliyun: FakeAliyun, lane: Lane, fault: str) -> None:
    """A byte now and then keeps the SDK waiting for ever; the caller gets his answer in time."""
    assert isinstance(submit(aliyun.url, lane), Accepted)  # imports the SDK, outside the measure
    aliyun.script(fault)
    began = monotonic()
    answer = submit(aliyun.url, lane, timeout=0.2)
    assert isinstance(answer, Unclear)
    assert 0.15 <= monotonic() - began < 1.0
    assert len(aliyun.submitted) == 2


def test_a_slow_answer_in_time_counts(aliyun: FakeAliyun) -> None:
    """Slow is not lost."""
    lane = Lane(threads=2, queue=2, blocking=True)
    aliyun.script("slow")
    aliyun.release.set()
    assert isinstance(submit(aliyun.url, lane), Accepted)
    lane.close()


def test_an_answer_that_drips_leaves_its_thread_at_the_deadline(aliyun: FakeAliyun) -> None:
    """A byte every 10 ms, for hours: the only thread is there for the next message."""
    lane = Lane(threads=1, queue=1, blocking=True)
    assert isinstance(submit(aliyun.url, lane), Accepted)
    aliyun.script("drip")
    assert isinstance(submit(aliyun.url, lane, timeout=0.1), Unclear)
    again = submit(aliyun.url, lane)
    lane.close()
    assert isinstance(again, Accepted)


def test_more_messages_than_threads_are_declined_before_the_call(aliyun: FakeAliyun) -> None:
    """One hangs in the only thread: the next never starts, and that is certain."""
    lane = Lane(threads=1, queue=0, blocking=True)
    with held(lane):
        assert isinstance(submit(aliyun.url, lane), Declined)
    lane.close()
    assert aliyun.heard == []


def test_a_message_that_waited_for_a_thread_in_vain_is_declined(aliyun: FakeAliyun) -> None:
    """Its deadline passed in the queue: it was taken back before anything was sent."""
    lane = Lane(threads=1, queue=1, blocking=True)
    with held(lane):
        assert isinstance(submit(aliyun.url, lane, timeout=0.02), Declined)
    lane.close()
    assert aliyun.heard == []


def test_a_refused_connection_is_declined(lane: Lane) -> None:
    """Nobody listens, so nothing was sent."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        assert isinstance(submit(f"http://127.0.0.1:{taken.getsockname()[1]}", lane), Declined)


def test_a_name_that_does_not_resolve_is_declined(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No address, no request."""

    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert isinstance(submit("dysmsapi.aliyuncs.com", lane), Declined)


def test_a_host_that_does_not_answer_the_connection_is_declined(lane: Lane) -> None:
    """The connection has half the time, so that a black hole is told from a slow answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        queued = [socket.socket() for _ in range(4)]
        for one in queued:  # fills the backlog, so that the next SYN is dropped
            one.settimeout(0)
            one.connect_ex(address)
        answer = submit(f"http://127.0.0.1:{address[1]}", lane, timeout=0.6)
        for one in queued:
            one.close()
    assert isinstance(answer, Declined)


def test_a_certificate_that_does_not_verify_is_declined(lane: Lane) -> None:
    """Whoever it is, he was sent nothing."""
    with self_signed() as server:
        assert isinstance(submit(f"https://{server.host}", lane), Declined)
        assert server.heard == []


@pytest.mark.parametrize("listening", [True, False])
def test_a_proxy_that_does_not_serve_is_declined(lane: Lane, *, listening: bool) -> None:
    """Refused, or no tunnel: the vendor was never reached."""
    with FakeVendor() as proxy:
        where = proxy.url if listening else "http://127.0.0.1:1"
        answer = submit("https://vendor.invalid", lane, proxy=where)
    assert isinstance(answer, Declined)


@pytest.mark.parametrize(
    ("changes", "code", "credentials"),
    [
        ({"access_key_id": "unknown"}, "InvalidAccessKeyId.NotFound", True),
        ({"access_key_secret": "wrong"}, "SignatureDoesNotMatch", True),
    ],
)
def test_a_wrong_key_is_refused_by_the_gateway(
    aliyun: FakeAliyun, lane: Lane, changes: dict[str, str], code: str, *, credentials: bool
) -> None:
    """The fake checks the signature by itself."""
    answer = submit(aliyun.url, lane, **changes)
    assert isinstance(answer, Declined)
    assert (answer.vendor_code, answer.credentials) == (code, credentials)
    assert aliyun.submitted == []


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_that_is_off_is_refused_by_the_gateway(
    aliyun: FakeAliyun, lane: Lane, minutes: int
) -> None:
    """More than 15 minutes, either way."""
    aliyun.clock = lambda: datetime.now(UTC) + timedelta(minutes=minutes)
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert (answer.vendor_code, answer.credentials) == ("InvalidTimeStamp.Expired", False)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_has_a_connection_of_its_own(aliyun: FakeAliyun, lane: Lane) -> None:
    """Two processes never write into one connection."""
    one = gateway(aliyun.url, lane)
    assert isinstance(run_blocking(one.submit(message())), Accepted)
    child = os.fork()
    if child == 0:
        try:
            answer = run_blocking(one.submit(message(request_id="child")))
            os._exit(0 if isinstance(answer, Accepted) else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert isinstance(run_blocking(one.submit(message())), Accepted)
    assert (len(aliyun.submitted), aliyun.connections) == (3, 2)
