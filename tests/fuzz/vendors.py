"""What answers where a vendor is expected: bytes of any kind, through the SDK and urllib3."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any

from smsctl.core.blocking import run_blocking
from smsctl.core.phone import Phone
from smsctl.core.policy import Purpose
from smsctl.core.ports import Accepted, Human, Message
from smsctl.vendors.aliyun_captcha import AliyunCaptcha
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.lane import Lane
from smsctl.vendors.turnstile import TurnstileCaptcha
from tests.fuzz.answers import STATUSES, content
from tests.fuzz.babbler import TIMEOUT, Babbler
from tests.fuzz.chance import CHARACTERS, likely
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

_CODE, _TOKEN, _SECRET = "739164", "a-token-of-a-visitor", "0x4AAA-made-up-secret"
_NATIONAL = "13712345678"
_MESSAGE = Message(
    phone=Phone("CN", "86", _NATIONAL), purpose="login", code=_CODE, request_id="override-1"
)
_KEYS = {"access_key_id": "made-up-id", "access_key_secret": "made-up-secret-of-the-key"}
_HEADERS = (
    *("Content-Type: application/json", "Content-Type: text/xml", "Content-Encoding: gzip"),
    *("Content-Encoding: br", "Transfer-Encoding: chunked", "Location: http://127.0.0.1:1/x"),
    *("Retry-After: 9999", "Set-Cookie: a=b"),
    *("X: " + "y" * 70_000, "no colon", "\x00: \x00", " f: x"),
    *("Content-Length: -1", "Content-Length: x"),
    *("Content-Length: 99999999999999999999", "Connection: keep-alive"),
    *("WWW-Authenticate: Digest realm=x", "Content-Type: application/json; charset=nonsense"),
    *("Content-Type: application/json; charset=utf-16", "x-acs-request-id: \xff", "Date: never"),
)  # fmt: skip
_STARTS = (
    b"",
    b"\r\n",
    b"HTTP/1.1\r\n",
    b"HTTP/9.9 200 OK\r\n",
    b"HTTP/1.1 20x OK\r\n",
    b"ICY 200\r\n",
)


@contextmanager
def surface() -> Iterator[Surface]:
    """Speak to a babbler, as the gateway and as both captchas."""
    babbler, lane = Babbler(whole), Lane(threads=64, blocking=True)
    url = f"http://{babbler.place}"
    common: Any = {**_KEYS, "lane": lane, "timeout": TIMEOUT * 3}
    gateway = AliyunGateway(
        sign_name="x", purposes={"login": Purpose(template="SMS_1")}, endpoint=url, **common
    )
    aliyun = AliyunCaptcha(scene_id="s", endpoint=url, **common)
    turnstile = TurnstileCaptcha(secret=_SECRET, lane=lane, endpoint=url, timeout=TIMEOUT * 3)
    calls: Mapping[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "gateway": lambda: gateway.submit(_MESSAGE),
        "aliyun": lambda: aliyun.check(_TOKEN, ip=None),
        "turnstile": lambda: turnstile.check(_TOKEN, ip="203.0.113.7"),
    }
    try:
        yield Surface("vendors-http", _draw, lambda drawn: _check(babbler, calls, drawn))
    finally:
        babbler.close()
        lane.close()


def whole(asked: bytes) -> bool:
    """Say whether it is a whole request."""
    head, separator, body = asked.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *([0-9]+)", head)
    return bool(separator) and len(body) >= (int(length[1]) if length else 0)


def _draw(chance: Random) -> dict[str, Any]:
    body = content(chance)
    if likely(chance, 3):
        told = {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "R", "Success": True}
        body = json.dumps(told | {"Result": {"VerifyResult": True}, "success": True}).encode()
    headers = [chance.choice(_HEADERS) for _ in range(chance.randrange(3))]
    if "Content-Encoding: gzip" in headers and likely(chance, 2):
        body = gzip.compress(body * chance.choice([1, 1, 5000]), 1)
    if "Transfer-Encoding: chunked" in headers and likely(chance, 2):
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    if not likely(chance, 4):
        headers.append(f"Content-Length: {len(body) + chance.choice([0, 0, 0, 0, 1, -1, 999])}")
    start = b"HTTP/1.1 %d X\r\n" % chance.choice(STATUSES)
    if likely(chance, 10):
        start = chance.choice(_STARTS)
    answer = start + "".join(f"{each}\r\n" for each in headers).encode("latin-1") + b"\r\n" + body
    if likely(chance, 6):
        at = chance.randrange(len(answer) + 1)
        sign = chance.choice(CHARACTERS).encode("utf-8", "surrogatepass")
        answer = answer[:at] + (sign + answer[at + 1 :] if likely(chance, 2) else b"")
    return {
        "call": chance.choice(("gateway", "aliyun", "turnstile")),
        "answer": answer,
        "ending": "drip" if likely(chance, 400) else "keep" if likely(chance, 100) else "close",
    }


def _check(
    babbler: Babbler,
    calls: Mapping[str, Callable[[], Coroutine[Any, Any, object]]],
    drawn: Mapping[str, Any],
) -> None:
    babbler.answer, babbler.ending = drawn["answer"], drawn["ending"]
    given = tried(
        lambda: run_blocking(calls[drawn["call"]]()),
        secrets=[_CODE, _TOKEN, _SECRET, _NATIONAL, *_KEYS.values()],
    )
    if (
        isinstance(given, Accepted)
        and b"OK" not in drawn["answer"]
        and b"gzip" not in drawn["answer"]
    ):
        raise Breach("wrong", "accepted without the vendor's OK")
    if isinstance(given, Human) and b" 200 " not in drawn["answer"]:
        raise Breach("wrong", "a visitor passed on an answer that is none")
