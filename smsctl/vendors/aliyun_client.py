"""The vendor's SDK, tamed: one request a call, straight to the vendor, with nothing of it logged.

Shared by the SMS gateway and the captcha. Knows how a call is made, not what the answer means. What
the SDK raises ends here: its text carries the URL, so only facts are taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase
from smsctl.vendors.endpoint import Endpoint, read_endpoint
from smsctl.vendors.exchange import Exchange, making
from smsctl.vendors.libraries import REMEDY, SDK, missing
from smsctl.vendors.network import Broken
from smsctl.vendors.quiet import quiet
from smsctl.vendors.words import plain_word

# The SDK shares connections by address and pool size. A size that nobody else uses makes them ours.
_CONNECTIONS = 33

# The SDK obeys HTTP_PROXY where it is given no proxy. It is given this one, which cannot be reached
# and which our session ignores: should the SDK ever stop using our session, nothing leaves.
_NO_PROXY = "http://0.0.0.0:0"

_LONGEST_CONNECT = 5.0

_ACTION = re.compile(r"[a-z][a-z0-9-]{1,31}:[A-Za-z][A-Za-z0-9]{1,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose account is charged, and how it is reached."""

    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    endpoint: Endpoint
    proxy: str = field(repr=False)
    """An HTTP(S) proxy; empty for none. It may hold a password."""
    timeout: float
    """Seconds that the vendor may take to answer."""


def read_account(
    *,
    access_key_id: str,
    access_key_secret: str,
    endpoint: str,
    endpoint_path: str,
    proxy: str,
    timeout: float,
) -> Account:
    """Return the account; `endpoint_path` is where the configuration has the endpoint.

    Raises ConfigError where the endpoint is not usable or half of the key is missing: without it
    the SDK would go looking for one, as far as the metadata service.
    """
    if not access_key_id or not access_key_secret:
        raise ConfigError(
            Problem(
                "gateway.access_key_id" if not access_key_id else "gateway.access_key_secret",
                phrase("Alibaba Cloud cannot be asked without an access key and its secret"),
                phrase("set both, best by ALIBABA_CLOUD_ACCESS_KEY_ID and …_SECRET"),
            )
        )
    where = read_endpoint(endpoint, path=endpoint_path)
    return Account(
        access_key_id=access_key_id,
        access_key_secret=access_key_secret,
        endpoint=where,
        proxy=proxy,
        timeout=timeout,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the vendor answered. Words that do not look like the vendor's are None."""

    status: int | None
    code: str | None
    request_id: str | None
    message: str = field(default="", repr=False)
    """The vendor's sentence: to look a window up in, not to show."""
    body: Any = field(default=None, repr=False)
    """The SDK's model of an answer under HTTP 400, of the generic client the JSON itself; None for
    a refusal, or for no envelope."""
    date: str | None = field(default=None, repr=False)
    """The answer's Date header as it came."""
    denied_action: str | None = None
    """The RAM action that the key lacks, where a refusal names it: `dysms:SendSms`."""


def ask(
    account: Account,
    call: Callable[[], Any],
    *,
    exchange: Exchange | None = None,
    secrets: Iterable[str] = (),
) -> Reply | Broken:
    """Make one call through the SDK and return the facts of how it ended; never raises.

    `call` builds its client from `settings(account)` and returns the SDK's response. None of
    `secrets` is in what is returned or logged.
    """
    exchange = exchange or Exchange()
    exchange.proxy = account.proxy
    with quiet(), making(exchange):
        try:
            _install(account)
            return _reply(call(), exchange.date)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may not leave
            refusal = _refusal(error, exchange.date) if exchange.begun else None
            return refusal or Broken.by(error, exchange, secrets=(*secrets, *_secrets(account)))


def rehearse(account: Account, call: Callable[[], Any]) -> Broken | None:
    """Build and sign the request of a call, without sending; None where that works."""
    if broken := missing(SDK):
        return broken
    exchange = Exchange(rehearsal=True)
    with quiet(), making(exchange):
        try:
            _install(account)
            call()
        except Exception as error:  # noqa: BLE001 - as above
            if not exchange.signed:
                return Broken.here(error, secrets=_secrets(account))
    return None if exchange.signed else Broken("unmade", "no request was signed")


def unusable(broken: Broken) -> Problem:
    """Return what is wrong with an installation where no request of the SDK's begins."""
    return Problem(
        "gateway.sdk",
        phrase("the vendor's SDK cannot be used: {fault}", fault=broken.fault),
        REMEDY,
    )


def require_sdk() -> None:
    """Import what every call needs, before its time begins to run. Raises ConfigError."""
    if broken := missing(SDK):
        raise ConfigError(unusable(broken))


def _secrets(account: Account) -> tuple[str, ...]:
    return account.access_key_id, account.access_key_secret, account.proxy


def settings(account: Account) -> dict[str, Any]:
    """Return the arguments of the SDK's Config for this account; times in milliseconds."""
    return {
        "access_key_id": account.access_key_id,
        "access_key_secret": account.access_key_secret,
        "endpoint": account.endpoint.host,
        "protocol": account.endpoint.protocol,
        "http_proxy": _NO_PROXY,
        "https_proxy": _NO_PROXY,
        # Shorter than the whole call, so that a host that is not there is told from a slow one.
        "connect_timeout": _milliseconds(min(_LONGEST_CONNECT, account.timeout / 2)),
        "read_timeout": _milliseconds(account.timeout),
        "max_idle_conns": _CONNECTIONS,
    }


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _install(account: Account) -> None:
    from smsctl.vendors.aliyun_session import install  # noqa: PLC0415 - requests and the SDK

    install(account.endpoint, connections=_CONNECTIONS)


def _reply(response: Any, date: str | None = None) -> Reply:
    if isinstance(response, dict):  # the generic client's, with the envelope as it came
        return _enveloped(response.get("statusCode"), response.get("body"), date)
    body, status = response.body, response.status_code
    return Reply(
        status=status if isinstance(status, int) else None,
        code=plain_word(getattr(body, "code", None)),
        request_id=plain_word(getattr(body, "request_id", None)),
        message=_sentence(getattr(body, "message", None)),
        body=body,
        date=date,
    )


def _refusal(error: Exception, date: str | None = None) -> Reply | None:
    """Return the envelope that the SDK turned into an exception, or None where there was none."""
    envelope = getattr(error, "data", None)
    status = getattr(error, "status_code", None)
    if not isinstance(envelope, dict) or not isinstance(status, int):
        return None
    return replace(_enveloped(status, envelope, date), body=None)


def _enveloped(status: object, body: object, date: str | None) -> Reply:
    envelope = body if isinstance(body, dict) else {}
    return Reply(
        status=status if isinstance(status, int) else None,
        code=plain_word(envelope.get("Code") or envelope.get("code")),
        request_id=plain_word(envelope.get("RequestId") or envelope.get("requestId")),
        message=_sentence(envelope.get("Message") or envelope.get("message")),
        body=body,
        date=date,
        denied_action=_denied_action(envelope.get("AccessDeniedDetail")),
    )


def _denied_action(detail: object) -> str | None:
    # The rest of it names the account and encodes its policies.
    action = detail.get("AuthAction") if isinstance(detail, dict) else None
    return action if isinstance(action, str) and _ACTION.fullmatch(action) else None


def _sentence(told: object) -> str:
    # Text alone: to write out what is nested deeply fails.
    return told if isinstance(told, str) else ""
