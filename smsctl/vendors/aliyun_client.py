"""The vendor's SDK, tamed: one request a call, straight to the vendor, with nothing of it logged.

Shared by the SMS gateway and the captcha. Knows how a call is made, not what the answer means. What
the SDK raises ends here: its text carries the URL, so only facts are taken from it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase
from smsctl.vendors.endpoint import Endpoint, read_endpoint
from smsctl.vendors.network import Breakdown, breakdown, read_body
from smsctl.vendors.quiet import quiet
from smsctl.vendors.words import plain_word

if TYPE_CHECKING:
    from requests import Session

# The SDK shares connections by address and pool size. A size that nobody else uses makes them ours.
_CONNECTIONS = 33

# The SDK obeys HTTP_PROXY where it is given no proxy. It is given this one, which cannot be reached
# and which our session drops: should the SDK ever stop using our session, nothing leaves.
_NO_PROXY = "http://0.0.0.0:0"

_LONGEST_CONNECT = 5.0

_ACTION = re.compile(r"[a-z][a-z0-9-]{1,31}:[A-Za-z][A-Za-z0-9]{1,63}")

_installing: dict[int, threading.Lock] = {}  # by process: a forked child's copy may be held


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


class _Heard(threading.local):
    """What the SDK keeps to itself of a refusal; a call is made and answered in one thread."""

    date: str | None = None


_heard = _Heard()


@dataclass(frozen=True, slots=True)
class Broken:
    """There was no answer that could be read."""

    how: Breakdown


def ask(account: Account, call: Callable[[], Any]) -> Reply | Broken:
    """Make one call through the SDK and return the facts of how it ended; never raises.

    `call` builds its client from `settings(account)` and returns the SDK's response.
    """
    _heard.date = None
    with quiet():
        try:
            _own_session(account.endpoint)
            return _reply(call())
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may not leave
            return _refusal(error) or Broken(breakdown(error))


def settings(account: Account) -> dict[str, Any]:
    """Return the arguments of the SDK's Config for this account; times in milliseconds."""
    proxy = account.proxy or _NO_PROXY
    return {
        "access_key_id": account.access_key_id,
        "access_key_secret": account.access_key_secret,
        "endpoint": account.endpoint.host,
        "protocol": account.endpoint.protocol,
        "http_proxy": proxy,
        "https_proxy": proxy,
        # Shorter than the whole call, so that a host that is not there is told from a slow one.
        "connect_timeout": _milliseconds(min(_LONGEST_CONNECT, account.timeout / 2)),
        "read_timeout": _milliseconds(account.timeout),
        "max_idle_conns": _CONNECTIONS,
    }


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _own_session(endpoint: Endpoint) -> None:
    """Put a session of ours where the SDK will look for one, anew in a forked child."""
    from darabonba.core import DaraCore  # noqa: PLC0415 - see below

    sessions: dict[str, Session] = DaraCore._sessions  # noqa: SLF001 - the SDK has no other door
    key = f"{endpoint.protocol}://{endpoint.host}:80:pool={_CONNECTIONS}"
    pid = os.getpid()
    with _installing.setdefault(pid, threading.Lock()):
        # A forked child must not write into its parent's connections.
        if getattr(sessions.get(key), "pid", None) != pid:
            sessions[key] = _direct_session(endpoint)


def _direct_session(endpoint: Endpoint) -> Session:
    # Here and below 230 ms: aiohttp, requests and whatever else the SDK brings along.
    from darabonba.core import DaraCore  # noqa: PLC0415
    from requests import Response, Session  # noqa: PLC0415
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    class DirectSession(Session):
        """Follows no redirect, and has no proxy but the configured one."""

        pid = os.getpid()

        def send(self, request: Any, **options: Any) -> Response:
            proxies: dict[str, str] = options.get("proxies") or {}
            direct = {scheme: url for scheme, url in proxies.items() if url != _NO_PROXY}
            options |= {"proxies": direct, "stream": True}
            _, seconds = options["timeout"]
            until = monotonic() + seconds
            response = super().send(request, **options)
            # Requests would read without end.
            response._content = read_body(response.raw, until=until)  # noqa: SLF001
            _heard.date = response.headers.get("Date")
            return response

        def get_redirect_target(self, resp: Response) -> None:
            del resp

    session = DirectSession()
    if endpoint.protocol == "https":
        session.mount("https://", DaraCore.get_adapter("https", None, _CONNECTIONS))
    else:  # without 30 ms of certificates
        session.mount("http://", HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return session


def _reply(response: Any) -> Reply:
    if isinstance(response, dict):  # the generic client's, with the envelope as it came
        return _enveloped(response.get("statusCode"), response.get("body"))
    body, status = response.body, response.status_code
    return Reply(
        status=status if isinstance(status, int) else None,
        code=plain_word(getattr(body, "code", None)),
        request_id=plain_word(getattr(body, "request_id", None)),
        message=_sentence(getattr(body, "message", None)),
        body=body,
        date=_heard.date,
    )


def _refusal(error: Exception) -> Reply | None:
    """Return the envelope that the SDK turned into an exception, or None where there was none."""
    envelope = getattr(error, "data", None)
    status = getattr(error, "status_code", None)
    if not isinstance(envelope, dict) or not isinstance(status, int):
        return None
    return replace(_enveloped(status, envelope), body=None)


def _enveloped(status: object, body: object) -> Reply:
    envelope = body if isinstance(body, dict) else {}
    return Reply(
        status=status if isinstance(status, int) else None,
        code=plain_word(envelope.get("Code") or envelope.get("code")),
        request_id=plain_word(envelope.get("RequestId") or envelope.get("requestId")),
        message=_sentence(envelope.get("Message") or envelope.get("message")),
        body=body,
        date=_heard.date,
        denied_action=_denied_action(envelope.get("AccessDeniedDetail")),
    )


def _denied_action(detail: object) -> str | None:
    # The rest of it names the account and encodes its policies.
    action = detail.get("AuthAction") if isinstance(detail, dict) else None
    return action if isinstance(action, str) and _ACTION.fullmatch(action) else None


def _sentence(told: object) -> str:
    # Text alone: to write out what is nested deeply fails.
    return told if isinstance(told, str) else ""
