"""Turnstile's siteverify on loopback."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.vendor import Answer, FakeVendor, Fault, Heard

SECRET = "0x4AAA-made-up-secret"
TOKEN = "made-up-token-that-passes"
PASSED = {
    "success": True,
    "error-codes": [],
    "challenge_ts": "2026-11-23T00:00:00Z",
    "hostname": "example.com",
    "action": "login",
    "cdata": "",
}


class FakeSiteverify(FakeVendor):
    """The vendor with one site. Script it with answers and faults; a token passes once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, str]] = []
        """The fields of every request."""
        self._spent: dict[str, str] = {}

    @property
    def endpoint(self) -> str:
        return f"{self.url}/turnstile/v0/siteverify"

    def reply(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        fields = read_fields(heard)
        self.asked.append(fields)
        judged = Answer(200, self._judge(fields))
        turn: Answer | str = self.next_turn(judged)
        return self.fail(turn, judged) if isinstance(turn, str) else turn

    def _judge(self, fields: dict[str, str]) -> dict[str, Any]:
        match fields:
            case {"secret": s} if s != SECRET:
                return refusal("invalid-input-secret")
            case {"secret": _, "response": token} if token == TOKEN:
                key = fields.get("idempotency_key", "")
                fresh = self._spent.setdefault(token, key) == key
                return PASSED if fresh else refusal("timeout-or-duplicate")
            case {"secret": _, "response": _}:
                return refusal("invalid-input-response")
            case {"secret": _}:
                return refusal("missing-input-response")
            case _:
                return refusal("missing-input-secret")


def refusal(*codes: str) -> dict[str, Any]:
    """Return the content of an answer with these error codes."""
    return {"success": False, "error-codes": list(codes), "messages": []}


def read_fields(heard: Heard) -> dict[str, str]:
    """Return what was asked, from a form or from JSON."""
    if heard.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(heard.body))
    return dict(parse_qsl(heard.body.decode(), keep_blank_values=True))
