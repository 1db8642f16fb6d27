"""Alibaba Cloud's API gateway on loopback: SendSms, VerifyIntelligentCaptcha, and the account.

It checks ACS3-HMAC-SHA256 by the vendor's description of it, and knows nothing of the SDK.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from tests.fakes.account import AccountState
from tests.fakes.records import Records
from tests.fakes.vendor import Answer, FakeVendor, Fault, Heard

ACCESS_KEY_ID = "LTAI-made-up-key-id"
ACCESS_KEY_SECRET = "made-up-secret-of-the-key"
FIRST_ID = "900000000000^0"
"""The BizId of the first message; later ones count up."""

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key>[^,]+),"
    r"SignedHeaders=(?P<signed>[^,]+),Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = timedelta(minutes=15)


@dataclass(frozen=True)
class Code:
    """An answer with this code; a gateway's own code comes with its HTTP status."""

    code: str
    status: int = 200
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaptchaResult:
    """An answer of the captcha."""

    passed: bool = True
    code: str = "T001"


@dataclass(frozen=True)
class Submitted:
    """One SendSms that was properly signed, whatever the answer was."""

    phone: str
    sign_name: str
    template: str
    params: str
    out_id: str


class FakeAliyun(FakeVendor):
    """The vendor with one account. Script it with codes, captcha results and faults."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = {ACCESS_KEY_ID: ACCESS_KEY_SECRET}
        self.submitted: list[Submitted] = []
        """Every properly signed SendSms: each may have become a message."""
        self.checked: list[dict[str, str]] = []
        """The form of every properly signed VerifyIntelligentCaptcha."""
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.turned_down: list[Submitted] = []
        """Every properly signed SendSms to what is no number: none can become a message."""
        self.account = AccountState()
        self.records = Records()
        """Of every message that was taken, and of those whose answer got lost."""
        self._nonces: set[str] = set()

    def reply(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        if refusal := self._unsigned(heard):
            return refusal
        action = heard.headers["x-acs-action"]
        if refusal := self.account.refusal(action):
            return refusal
        match action:
            case "SendSms":
                return self._send_sms(heard)
            case "VerifyIntelligentCaptcha":
                return self._captcha(heard)
            case _:
                return self._account(action, heard)

    def _unsigned(self, heard: Heard) -> Answer | None:
        parts = _AUTHORIZATION.fullmatch(heard.headers.get("authorization", ""))
        if not parts:
            return refuse(400, "IncompleteSignature", "no signature of a known kind")
        if abs(self.clock() - _sent_at(heard)) > _SKEW:
            return refuse(400, "InvalidTimeStamp.Expired", "Specified time stamp has expired.")
        secret = self.keys.get(parts["key"])
        if secret is None:
            return refuse(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        expected = sign(heard, secret, parts["signed"].split(";"))
        if not hmac.compare_digest(expected, parts["signature"]):
            return refuse(400, "SignatureDoesNotMatch", "server string to sign is: (not shown)")
        nonce = heard.headers["x-acs-signature-nonce"]
        if nonce in self._nonces:
            return refuse(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces.add(nonce)
        return None

    def _send_sms(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        fields = {**dict(_pairs(heard.query)), **_form(heard)}
        submitted = Submitted(
            phone=fields.get("PhoneNumbers", ""),
            sign_name=fields.get("SignName", ""),
            template=fields.get("TemplateCode", ""),
            params=fields.get("TemplateParam", ""),
            out_id=fields.get("OutId", ""),
        )
        if not submitted.phone.strip("+").isdigit():
            self.turned_down.append(submitted)
            return self._turn(BAD_NUMBER)
        self.submitted.append(submitted)
        return self._written_down(submitted, self.decide(submitted))

    def _written_down(
        self, submitted: Submitted, decided: Answer | tuple[Fault, Answer]
    ) -> Answer | tuple[Fault, Answer]:
        """Keep a message that was taken, and tell its own id."""
        answer = decided if isinstance(decided, Answer) else decided[1]
        if not isinstance(answer.content, dict) or answer.content.get("BizId") != FIRST_ID:
            return decided
        with self._lock:
            message_id = self.records.take(
                phone=submitted.phone,
                out_id=submitted.out_id,
                template=submitted.template,
                text=submitted.params,
            )
        answer.content["BizId"] = message_id
        return decided

    def _account(self, action: str, heard: Heard) -> Answer | tuple[Fault, Answer]:
        fields = {**dict(_pairs(heard.query)), **_form(heard)}
        with self._lock:
            told = self.records.reply(action, fields) or self.account.reply(action, fields)
        if told is None:
            return refuse(404, "InvalidAction.NotFound", f"no such action: {action}")
        turn = self.next_turn(told)
        return self.fail(turn, told) if isinstance(turn, str) else envelope(turn)

    def decide(self, submitted: Submitted) -> Answer | tuple[Fault, Answer]:
        """Say how to answer a SendSms: as scripted, else by taking the message."""
        default = Code("OK", message="OK") if _strings(submitted.params) else BAD_PARAM
        return self._turn(default)

    def _captcha(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        self.checked.append(_form(heard))
        return self._turn(CaptchaResult())

    def _turn(self, default: Code | CaptchaResult) -> Answer | tuple[Fault, Answer]:
        turn = self.next_turn(default)
        if isinstance(turn, str):
            return self.fail(turn, envelope(default))
        return envelope(turn)


BAD_NUMBER = Code("isv.MOBILE_NUMBER_ILLEGAL", message="手机号码格式错误")
BAD_PARAM = Code("isv.INVALID_JSON_PARAM", message="JSON参数不合法")


def envelope(turn: Code | CaptchaResult | Answer) -> Answer:
    """Return the vendor's envelope for a turn."""
    request_id = str(uuid.uuid4()).upper()
    headers = {"x-acs-request-id": request_id}
    match turn:
        case Answer():
            return turn
        case CaptchaResult(passed, code):
            result = {"VerifyResult": passed, "VerifyCode": code, "CertifyId": "made-up"}
            content = {"Code": "Success", "Message": "success", "Success": True, "Result": result}
            return Answer(200, {**content, "RequestId": request_id}, headers)
        case Code("OK"):
            sent = {"Code": "OK", "Message": "OK", "BizId": FIRST_ID}
            return Answer(turn.status, {**sent, "RequestId": request_id}, headers)
        case Code(code, status, message):
            content = {"Code": code, "Message": message, "RequestId": request_id}
            return Answer(status, content, {**headers, **turn.headers})


def refuse(status: int, code: str, message: str) -> Answer:
    """Return the gateway's envelope for a request that reaches no service."""
    return envelope(Code(code, status, message))


def sign(heard: Heard, secret: str, signed: list[str]) -> str:
    """Return the signature of the request by ACS3-HMAC-SHA256, in hexadecimal.

    Source: help.aliyun.com, OpenAPI, request structure and signature V3.
    """
    canonical_query = "&".join(
        f"{_escape(name)}={_escape(value)}" for name, value in sorted(_pairs(heard.query))
    )
    canonical_headers = "".join(f"{name}:{heard.headers[name].strip()}\n" for name in signed)
    canonical_request = "\n".join(
        [
            heard.method,
            heard.path,
            canonical_query,
            canonical_headers,
            ";".join(signed),
            hashlib.sha256(heard.body).hexdigest(),
        ]
    )
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical_request.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def _sent_at(heard: Heard) -> datetime:
    text = heard.headers.get("x-acs-date", "1970-01-01T00:00:00Z")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)  # reads + as a space


def _form(heard: Heard) -> dict[str, str]:
    return dict(_pairs(heard.body.decode()))


def _escape(text: str) -> str:
    return quote(text, safe="-_.~")


def _strings(params: str) -> bool:
    """Say whether the template's variables are a JSON object of strings, as the vendor wants."""
    try:
        variables = json.loads(params)
    except ValueError:
        return False
    return isinstance(variables, dict) and all(isinstance(v, str) for v in variables.values())
