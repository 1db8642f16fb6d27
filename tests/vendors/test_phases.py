"""Certainty goes by what was written to the socket: before the first byte nothing was sent."""

from __future__ import annotations

import errno
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from smsctl.core.ports import Accepted, Declined, Human, Misconfigured, Outage, Unclear
from smsctl.vendors.exchange import CalledOff, Exchange
from smsctl.vendors.lane import Lane
from smsctl.vendors.reason import reason
from tests.fakes.aliyun import FakeAliyun
from tests.fakes.siteverify import FakeSiteverify
from tests.vendors.samples import CODE, PHONE, SECRETS, submit
from tests.vendors.test_aliyun_captcha import check
from tests.vendors.test_turnstile import check as check_turnstile

MODULES = [
    "alibabacloud_dysmsapi20170525",
    "alibabacloud_dysmsapi20170525.client",
    "alibabacloud_tea_openapi.client",
    "darabonba.runtime",
    "smsctl.vendors.aliyun_session",
]
BEFORE = [
    ("alibabacloud_tea_openapi.utils.Utils.get_timestamp", DeprecationWarning("utcnow() is going")),
    ("alibabacloud_tea_openapi.utils.Utils.get_authorization", TypeError("bytes expected")),
    ("alibabacloud_tea_openapi.client.Client.__init__", AttributeError("no attribute 'type'")),
    ("darabonba.core.DaraCore.compose_url", RecursionError("too deep")),
    ("requests.adapters.HTTPAdapter.cert_verify", OSError("invalid path: /etc/none")),
    ("urllib3.connectionpool.HTTPConnectionPool.urlopen", KeyError("scheme")),
]
AFTER = [
    ("smsctl.vendors.aliyun_session.read_body", AttributeError("no attribute 'read1'")),
    ("darabonba.utils.stream.Stream.read_as_json", TypeError("str expected")),
    ("darabonba.core.DaraCore.from_map", ImportError("late")),
    ("urllib3.response.HTTPResponse.__init__", ConnectionRefusedError("so it says")),
    ("requests.adapters.HTTPAdapter.build_response", ssl.SSLCertVerificationError("so it says")),
]
Break = Callable[[str, BaseException], None]


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Make a function of the libraries raise."""

    def patch(path: str, error: BaseException) -> None:
        def broken(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(path, broken)

    return patch


@pytest.mark.parametrize("module", MODULES)
def test_a_missing_module_is_our_own_fault(
    aliyun: FakeAliyun,
    lane: Lane,
    module: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """For message and captcha: not sent, no outage, and the log has type and reason."""
    monkeypatch.setitem(sys.modules, module, None)
    answer, verdict = submit(aliyun.url, lane), check(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert answer.fault
    assert answer.fault.path == "gateway.sdk"
    assert f"ModuleNotFoundError: import of {module} halted" in str(answer.explanation)
    assert isinstance(verdict, Misconfigured)
    assert verdict.problem.path == "captcha.sdk"
    assert caplog.text.count("ModuleNotFoundError") == 2
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert aliyun.heard == []


@pytest.mark.parametrize("failing", BEFORE, ids=lambda one: one[0].rpartition(".")[2])
def test_what_fails_before_the_first_byte_is_our_own_fault(
    aliyun: FakeAliyun,
    lane: Lane,
    breaks: Break,
    failing: tuple[str, BaseException],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever was raised, nothing was written, so it is certain."""
    breaks(*failing)
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert answer.fault is not None
    assert isinstance(check(aliyun.url, lane), Misconfigured)
    assert caplog.text.count(f"{type(failing[1]).__name__}: ") == 2
    assert aliyun.heard == []


@pytest.mark.parametrize("failing", AFTER, ids=lambda one: one[0].rpartition(".")[2])
def test_what_fails_after_the_first_byte_is_unknown(
    aliyun: FakeAliyun,
    lane: Lane,
    breaks: Break,
    failing: tuple[str, BaseException],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Invariant 3: the request was written, whatever the exception looks like."""
    breaks(*failing)
    assert isinstance(submit(aliyun.url, lane), Unclear)
    assert len(aliyun.submitted) == 1
    assert caplog.records == []


@pytest.mark.parametrize("mode", ["closes", "resets", "plain", "hangs"])
def test_no_handshake_no_message(mode: str) -> None:
    """A server without TLS, and one that ends or hangs in it, was sent nothing."""
    with _no_tls(mode) as host, _own_lane() as lane:
        answer = submit(f"https://{host}", lane, timeout=0.4)
        verdict = check(f"https://{host}", lane, timeout=0.4)
    assert isinstance(answer, Declined)
    assert answer.fault is None
    assert isinstance(verdict, Outage)


@pytest.mark.parametrize("mode", ["closes", "resets", "refuses", "garbles", "hangs"])
def test_no_tunnel_no_message(mode: str) -> None:
    """What a proxy was asked for is its tunnel, and no message."""
    with _no_tls(mode) as proxy, _own_lane() as lane:
        answer = submit("https://vendor.invalid", lane, proxy=f"http://{proxy}", timeout=0.4)
    assert isinstance(answer, Declined)
    assert answer.fault is None


def test_a_host_out_of_sockets_is_no_outage(
    aliyun: FakeAliyun, lane: Lane, breaks: Break, siteverify: FakeSiteverify
) -> None:
    """Overload here says nothing of the vendor: no visitor passes for it."""
    breaks(
        "urllib3.util.connection.create_connection", OSError(errno.EMFILE, "Too many open files")
    )
    answer = submit(aliyun.url, lane)
    assert isinstance(answer, Declined)
    assert answer.fault is not None
    assert isinstance(check(aliyun.url, lane), Misconfigured)
    assert isinstance(check_turnstile(siteverify.endpoint, lane), Misconfigured)


def test_what_had_not_begun_at_the_deadline_never_begins(
    aliyun: FakeAliyun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that takes longer than the call: certain at once, and for good."""
    slow, lane = threading.Event(), Lane(threads=1, queue=1, blocking=True)
    resolve = socket.getaddrinfo

    def late(*arguments: Any, **options: Any) -> Any:
        slow.wait(10)
        return resolve(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", late)
    answer = submit(aliyun.url, lane, timeout=0.1)
    assert isinstance(answer, Declined)
    assert answer.fault is None
    slow.set()
    assert isinstance(check(aliyun.url, lane), Human)  # the only thread is free again
    lane.close()
    assert aliyun.submitted == []


def test_an_exchange_begins_or_is_called_off() -> None:
    """One of the two, whichever came first."""
    begun, off = Exchange(), Exchange()
    begun.begin()
    assert not begun.call_off()
    assert off.call_off()
    with pytest.raises(CalledOff):
        off.begin()
    assert (begun.begun, off.begun) == (True, False)


def test_a_thread_of_the_sdks_own_sends_nothing(aliyun: FakeAliyun, lane: Lane) -> None:
    """Nobody could say whether it began, so it does not."""
    assert isinstance(submit(aliyun.url, lane), Accepted)
    from darabonba.core import DaraCore  # noqa: PLC0415 - as imported by the call above

    session = DaraCore._sessions[f"http://{aliyun.host}:80:pool=33"]
    with pytest.raises(RuntimeError):
        session.get(f"{aliyun.url}/elsewhere")
    assert len(aliyun.heard) == 1


@pytest.mark.parametrize("module", ["certifi", "smsctl.vendors.connections"])
def test_turnstile_without_its_libraries_is_our_own_fault(
    siteverify: FakeSiteverify, lane: Lane, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No outage that lets visitors pass."""
    monkeypatch.setitem(sys.modules, module, None)
    verdict = check_turnstile(siteverify.endpoint, lane)
    assert isinstance(verdict, Misconfigured)
    assert verdict.problem.path == "captcha.sdk"
    assert siteverify.heard == []


@pytest.mark.parametrize(
    "text",
    [
        f"invalid literal for int(): '{PHONE.national}'",
        f"Failed to parse: /?PhoneNumbers={PHONE.national}&TemplateParam=%22{CODE}%22",
        f"https://user:secret@proxy/?{CODE}",
        f"['{CODE}', '{PHONE.e164}']",
        "LTAI-made-up-key-id refused made-up-secret-of-the-key",
    ],
)
def test_a_reason_has_no_secret(text: str) -> None:
    """No code, no phone, no URL and no key, wherever it stands in what was raised."""
    told = reason(ValueError(text), secrets=SECRETS)
    assert told.startswith("ValueError: ")
    assert [secret for secret in (*SECRETS, PHONE.e164, "user") if secret in told] == []


def test_a_reason_keeps_the_names_of_modules() -> None:
    """They have digits too, and are what matters."""
    error = ModuleNotFoundError("No module named 'alibabacloud_dysmsapi20170525'")
    assert reason(error) == f"ModuleNotFoundError: {error}"


IMPORTS = """
import sys
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Purpose
from smsctl.vendors.aliyun_captcha import AliyunCaptcha
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.lane import NotStarted
from smsctl.vendors.libraries import SDK
from smsctl.vendors.turnstile import TurnstileCaptcha
from tests.vendors.samples import message

class Watched:
    async def run(self, call, *, timeout):
        print([name for name in wanted if name not in sys.modules])
        raise NotStarted

key = {"access_key_id": "id", "access_key_secret": "secret", "lane": Watched()}
match sys.argv[1]:
    case "gateway":
        wanted = SDK
        asked = AliyunGateway(sign_name="", purposes={"login": Purpose(template="S")}, **key)
        run_blocking(asked.submit(message()))
    case "captcha":
        wanted = SDK
        run_blocking(AliyunCaptcha(scene_id="", **key).check("token", ip=None))
    case "turnstile":
        wanted = ["urllib3", "certifi"]
        run_blocking(TurnstileCaptcha(secret="x", lane=Watched()).check("token", ip=None))
"""


@pytest.mark.parametrize("asked", ["gateway", "captcha", "turnstile"])
def test_no_deadline_pays_for_an_import(asked: str) -> None:
    """All is imported when the call's time begins to run."""
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTS, asked], capture_output=True, check=True, text=True
    )
    assert ran.stdout == "[]\n"


@contextmanager
def _own_lane() -> Iterator[Lane]:
    """Give a lane whose calls have ended before the server does: no socket is left half open."""
    lane = Lane(threads=2, queue=2, blocking=True)
    yield lane
    lane.close()
    for thread in threading.enumerate():
        if thread.name == "smsctl-lane":
            thread.join(5.0)


@contextmanager
def _no_tls(mode: str) -> Iterator[str]:
    """Serve what is neither a TLS server nor a proxy while the block runs."""
    over = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                connection.recv(1024)
                match mode:
                    case "resets":
                        linger = b"\1\0\0\0\0\0\0\0"
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    case "plain" | "refuses":
                        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                    case "garbles":
                        connection.sendall(b"no proxy at all\r\n\r\n")
                    case "hangs":
                        over.wait(5)
                    case _:
                        pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
