"""Who is told of alerts, on loopback: chat robots and webhooks that check what signs a message."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections import defaultdict, deque
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.vendor import Answer, FakeVendor, Fault, Heard

SECRET = "made-up-secret-of-a-robot"
TOKEN = "made-up-token-of-a-robot"


class FakeReceiver(FakeVendor):
    """Takes what every kind of channel posts; the path names the kind. Script it with answers."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        """The text of each message whose signature was right."""
        self._turns: defaultdict[str, deque[Answer | Fault]] = defaultdict(deque)

    def script_for(self, kind: str, *turns: Answer | Fault) -> None:
        """Say what the next requests of one kind meet: several are told at a time."""
        self._turns[kind].extend(turns)

    def url_of(self, kind: str) -> str:
        """Return the address that the operator of such a robot gets."""
        return f"{self.url}/{kind}?access_token={TOKEN}"

    def reply(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        body = json.loads(heard.body)
        kind = heard.path.strip("/")
        right, text = _READ[kind](heard, body)
        own = self._turns[kind]
        turn: Answer | str = own.popleft() if own else self.next_turn(Answer(200, _TAKEN[kind]))
        if isinstance(turn, str):
            return self.fail(turn, Answer(200, _TAKEN[kind]))
        if not right:
            return Answer(200, _REFUSED[kind])
        if turn.content == _TAKEN[kind] and turn.status == 200:
            self.told.append(text)
        return turn


def _dingtalk(heard: Heard, body: Any) -> tuple[bool, str]:
    query = parse_qs(heard.query)
    stamp = query.get("timestamp", [""])[0]
    signed = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    right = query.get("sign", [""])[0] == base64.b64encode(signed).decode()
    return right and query["access_token"] == [TOKEN], body["text"]["content"]


def _feishu(_heard: Heard, body: Any) -> tuple[bool, str]:
    key = f"{body['timestamp']}\n{SECRET}".encode()
    right = body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    return right, body["content"]["text"]


def _wecom(_heard: Heard, body: Any) -> tuple[bool, str]:
    return body["msgtype"] == "text", body["text"]["content"]


def _slack(_heard: Heard, body: Any) -> tuple[bool, str]:
    return True, body["text"]


def _webhook(heard: Heard, body: Any) -> tuple[bool, str]:
    signed = heard.headers["x-smsctl-timestamp"].encode() + b"." + heard.body
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    right = heard.headers["x-smsctl-signature"] == f"sha256={mac}"
    return right, f"{body['title']}\n{body['text']}"


_READ = {
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "wecom": _wecom,
    "slack": _slack,
    "webhook": _webhook,
}
_TAKEN: dict[str, Any] = {
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "slack": {"ok": True},
    "webhook": {},
}
_REFUSED: dict[str, Any] = {
    "dingtalk": {"errcode": 310000, "errmsg": "sign not match"},
    "feishu": {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"},
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
    "slack": {"ok": False, "error": "invalid_token"},
    "webhook": {"code": 1},
}
