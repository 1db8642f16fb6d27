"""Invariant 8, held over the whole suite: what a test sent is nowhere it must not be.

Every message that reaches a fake gateway is noted; after the test its code and its number are
searched for in what was logged, and in everything the server holds. What any test leaves on its
output is searched for the numbers and secrets that all tests use.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

import pytest

from smsctl.core.ports import Accepted, Declined, Message, Unclear
from smsctl.testing import FakeGateway
from tests.fakes.aliyun import ACCESS_KEY_SECRET
from tests.guards import SECRET
from tests.servers import PrivateServer

_DAY = re.compile(r":[0-9]{4}-[0-9]{2}-[0-9]{2}")  # a key's; 2026 may be a code of four digits
_EVERYWHERE = ("13800138000", "13900138000", SECRET.decode(), ACCESS_KEY_SECRET)


@pytest.fixture(autouse=True)
def nothing_leaks(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[None]:
    """Fail a test whose codes or numbers show up in its logs or in its store."""
    seen: list[Message] = []
    server = request.getfixturevalue("shared_server") if "server" in request.fixturenames else None
    submit = FakeGateway.submit

    async def noting(self: FakeGateway, message: Message) -> Accepted | Declined | Unclear:
        seen.append(message)
        return await submit(self, message)

    monkeypatch.setattr(FakeGateway, "submit", noting)
    yield
    if not seen:
        return
    secret = _pattern({text for m in seen for text in (m.code, m.phone.national)})
    assert not secret.search(caplog.text), "a code or a number was logged"
    if server is not None:
        held = _DAY.sub("", _everything(server).decode("latin-1"))
        assert not secret.search(held), "the store knows a code or a number"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that passed but left a whole number or a secret on its output or in its log."""
    report = yield
    told = "".join(text for _, text in report.sections)
    if report.passed and any(secret in told for secret in _EVERYWHERE):
        report.outcome = "failed"
        report.longrepr = "a whole number or a secret is on the test's output"
    return report


def _pattern(texts: set[str]) -> re.Pattern[str]:
    # Not inside a longer number or a hex string: there it is chance.
    return re.compile(rf"(?<![0-9A-Za-z.])(?:{'|'.join(texts)})(?![0-9A-Za-z])")


def _everything(server: PrivateServer) -> bytes:
    """Return every name and every value, as text where it is text."""
    readers = {b"string": "get", b"list": "lrange", b"hash": "hgetall"}
    held: list[bytes] = []
    with server.client as client:
        for key in client.scan_iter():
            kind = client.type(key)
            arguments = (0, -1) if kind == b"list" else ()
            value = getattr(client, readers[kind])(key, *arguments)
            held += [key, repr(value).encode()]
    return b"\n".join(held)
