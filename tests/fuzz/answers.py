"""What vendors answer, through the pure readers of their answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from random import Random
from types import SimpleNamespace
from typing import Any

from smsctl.core.ports import Accepted, Human
from smsctl.vendors import aliyun_captcha_answers, turnstile_answers
from smsctl.vendors.aliyun_answers import outcome
from smsctl.vendors.aliyun_client import Reply, _refusal, _reply
from smsctl.vendors.aliyun_codes import CODES
from smsctl.vendors.network import Broken
from tests.fuzz.chance import NUMBERS, likely, nested, slipped, text, tree
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

STATUSES = (200, 200, 200, 201, 204, 301, 400, 403, 404, 429, 500, 502, 503, 0, -1, 999)
KEYS = (
    *("success", "error-codes", "hostname", "action", "challenge_ts", "cdata", "messages"),
    *("Code", "code", "Message", "message", "RequestId", "requestId", "BizId", "Success"),
    *("Result", "VerifyResult", "VerifyCode", "statusCode", "Data", "AccessDeniedDetail"),
)
WORDS = (
    *("OK", "Success", "T001", "T005", "F003", "example.com", "login", True, True, False, 200),
    *("missing-input-secret", "timeout-or-duplicate"),
    *("internal-error", "bad-request", "InternalError"),
    *("isv.BUSINESS_LIMIT_CONTROL", "InvalidAccessKeyId.NotFound", "isv.UNHEARD_OF", "nonsense"),
    *("\u89e6\u53d1\u5206\u949f\u7ea7\u6d41\u63a7Permits:1", "2026-11-23T00:00:00Z", "e\x1b[31m"),
    *[code for code in CODES if "*" not in code][:12],
)  # fmt: skip

_BREAKDOWNS = ("refused", "timeout", "tls", "proxy", "unmade", "lost")
_PASSED = '{"success": true, "error-codes": [], "hostname": "example.com", "action": "login"}'
_REFUSED = '{"success": false, "error-codes": ["invalid-input-secret"], "messages": []}'


# Turnstile: a status and bytes


def turnstile() -> Surface:
    """Return Turnstile's answers."""
    seeds = tuple(f"\0{body}".encode() for body in (_PASSED, _REFUSED))
    return Surface(
        "turnstile-answers", _draw_turnstile, _check_turnstile, raw=_raw_turnstile, seeds=seeds
    )


def _draw_turnstile(chance: Random) -> tuple[int, bytes, str]:
    return chance.choice(STATUSES), content(chance), chance.choice(["", "example.com"])


def _raw_turnstile(read: bytes) -> tuple[int, bytes, str]:
    head, rest = (read[0] if read else 0), read[1:]
    return STATUSES[head % len(STATUSES)], rest, "example.com" if head & 64 else ""


def content(chance: Random) -> bytes:
    """Return a body: JSON of any shape, JSON with slips, no JSON, in any encoding."""
    match chance.randrange(6):
        case 0:
            written = slipped(chance, chance.choice([_PASSED, _REFUSED]))
        case 1:
            written = nested(chance, *chance.choice([("[", "]"), ('{"a":', "}"), ('"', '"')]))
        case 2:
            written = text(chance, [_PASSED, _REFUSED, "1e999", "NaN", "\ufeff{}", "9" * 5000])
        case _:
            written = json.dumps(tree(chance, KEYS, WORDS), ensure_ascii=likely(chance, 2))
    encoding = chance.choice(["utf-8", "utf-8", "utf-8", "utf-16", "utf-32", "gbk"])
    encoded = written.encode(encoding, "replace")
    return encoded[: chance.randrange(len(encoded) + 1)] if likely(chance, 5) else encoded


def _check_turnstile(drawn: tuple[int, bytes, str]) -> None:
    status, answered, hostname = drawn
    given = tried(lambda: turnstile_answers.verdict(status, answered, hostname=hostname))
    if not isinstance(given, Human):
        return
    says = json.loads(answered)
    hosted = says.get("hostname") == hostname or not hostname
    if status != 200 or says["success"] is not True or not hosted:
        raise Breach("wrong", "a visitor passed whom nobody vouched for")


# Alibaba Cloud: what the SDK makes of an answer, or raises


def aliyun() -> Surface:
    """Return what the SDK gives or raises, for the gateway and for the captcha."""
    return Surface("aliyun-answers", _draw_aliyun, _check_aliyun)


def _draw_aliyun(chance: Random) -> tuple[str, Any, Any]:
    status = chance.choice([*STATUSES, *NUMBERS[:6], None, "200", True])
    match chance.randrange(6):
        case 0:
            return "broken", chance.choice(_BREAKDOWNS), None
        case 1 | 2 if likely(chance, 8):
            return "raised, nested", status, chance.choice([10, 900, 960, 980, 990])
        case 1 | 2:
            return "raised", status, tree(chance, KEYS, WORDS)
        case _:
            return _draw_answer(chance, status)


def _draw_answer(chance: Random, status: Any) -> tuple[str, Any, Any]:
    """Return the SDK's model of an answer, or what its generic client gives of one."""
    how = chance.choice(["answered", "generic"])
    code, outcome, names, results = _NAMES[how]
    body = {name: tree(chance, KEYS, WORDS, 1) for name in names if not likely(chance, 4)}
    if not likely(chance, 3):
        body[code] = chance.choice(["OK", "Success", *WORDS])
    if not likely(chance, 3):
        body[outcome] = {name: tree(chance, KEYS, WORDS, 0) for name in results}
    if likely(chance, 10):
        return how, status, chance.choice([None, tree(chance, KEYS, WORDS)])
    return how, status, body


_NAMES = {
    "answered": (
        "code",
        "result",
        ("code", "message", "request_id", "biz_id", "success", "result"),
        ("verify_result", "verify_code", "other"),
    ),
    "generic": (
        "Code",
        "Result",
        ("Code", "Message", "RequestId", "BizId", "Success", "Result"),
        ("VerifyResult", "VerifyCode", "other"),
    ),
}


def _nested(depth: int) -> dict[str, Any]:
    """Return an envelope with a sentence that is nested as deeply as a parser lets it be."""
    inner: Any = "x"
    for _ in range(depth):
        inner = [inner]
    return {"Code": "OK", "Message": inner}


def _check_aliyun(drawn: tuple[str, Any, Any]) -> None:
    answer = tried(lambda: _answer(*drawn))
    if not isinstance(answer, Reply | Broken):
        return
    submission = tried(lambda: outcome(answer))
    told = drawn[2] if drawn[0] in _NAMES and isinstance(drawn[2], dict) else {}
    if isinstance(submission, Accepted) and told.get(_NAMES[drawn[0]][0]) != "OK":
        raise Breach("wrong", "accepted without the vendor's OK")
    verdict = tried(lambda: aliyun_captcha_answers.verdict(answer))
    if isinstance(verdict, Human) and not (drawn[0] == "generic" and _vouched(drawn[2])):
        raise Breach("wrong", "a visitor passed whom nobody vouched for")


def _answer(how: str, status: Any, told: Any) -> Reply | Broken | None:
    makers: Mapping[str, Callable[[], Reply | Broken | None]] = {
        "broken": lambda: Broken(status),
        "raised": lambda: _refusal(_Raised(status, told)),
        "raised, nested": lambda: _refusal(_Raised(status, _nested(told))),
        "answered": lambda: _reply(SimpleNamespace(status_code=status, body=_model(told))),
        "generic": lambda: _reply({"statusCode": status, "body": told, "headers": {}}),
    }
    return makers[how]()


class _Raised(Exception):
    def __init__(self, status: Any, envelope: Any) -> None:
        super().__init__("POST https://vendor/?Phone=…")
        self.status_code = status
        self.data = envelope


def _model(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    made = SimpleNamespace(**told)
    if isinstance(told.get("result"), dict):
        made.result = SimpleNamespace(**told["result"])
    return made


def _vouched(told: Any) -> bool:
    result = told.get("Result") if isinstance(told, dict) else None
    return (
        isinstance(result, dict)
        and told.get("Success") is True
        and told.get("Code") == "Success"
        and result.get("VerifyResult") is True
    )
