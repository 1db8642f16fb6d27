"""Cloudflare Turnstile: one POST to siteverify for each token.

What the answer means is in `turnstile_answers.py`.
"""

from __future__ import annotations

import os
import uuid
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.captcha_answers import broken, overdue, saturated
from smsctl.vendors.endpoint import read_endpoint
from smsctl.vendors.exchange import Exchange, making
from smsctl.vendors.lane import DeadlinePassed, Lane, NotStarted, Saturated
from smsctl.vendors.libraries import HTTP, missing
from smsctl.vendors.network import Broken, read_body
from smsctl.vendors.pool import direct_pool
from smsctl.vendors.quiet import quiet
from smsctl.vendors.turnstile_answers import verdict

if TYPE_CHECKING:
    from urllib3 import PoolManager

SITEVERIFY = "https://challenges.cloudflare.com/turnstile/v0/siteverify"

_LONGEST_TOKEN = 2048  # the vendor's limit
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class TurnstileCaptcha:
    """Asks siteverify once for each token, within `timeout` seconds of wall-clock time."""

    def __init__(
        self,
        *,
        secret: str,
        lane: Lane,
        hostname: str = "",
        action: str = "",
        endpoint: str = SITEVERIFY,
        timeout: float = 5.0,
    ) -> None:
        """Raises ConfigError where the endpoint is not usable; connects to nothing."""
        self._secret = secret
        self._lane = lane
        self._hostname = hostname
        self._action = action
        where = read_endpoint(endpoint or SITEVERIFY, path="captcha.endpoint", whole_url=True)
        self._url = where.url
        self._timeout = timeout
        self._connections: dict[int, PoolManager] = {}

    async def check(
        self, token: str, *, ip: str | None
    ) -> Human | NotHuman | Outage | Misconfigured:
        """Spend the token; one that cannot be a token is refused without asking the vendor."""
        if not token:
            return NotHuman(codes=["missing-input-response"])
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            return NotHuman(codes=["invalid-input-response"])
        if unmade := missing(HTTP):
            return broken(unmade)
        try:
            return await self._lane.run(lambda: self._ask(token, ip), timeout=self._timeout)
        except (Saturated, NotStarted):
            return saturated()
        except DeadlinePassed:
            return overdue()

    def _ask(self, token: str, ip: str | None) -> Human | NotHuman | Outage | Misconfigured:
        fields = {
            "secret": self._secret,
            "response": token,
            "idempotency_key": str(uuid.uuid4()),
            **({"remoteip": ip} if ip else {}),
        }
        until = monotonic() + self._timeout
        exchange = Exchange()
        with quiet(), making(exchange):
            try:
                answer = self._pool().request(
                    "POST",
                    self._url,
                    body=urlencode(fields),
                    headers=_FORM,
                    timeout=self._timeout,
                    retries=False,  # and no redirects: the secret goes nowhere else
                    preload_content=False,
                )
                told = read_body(answer, until=until)
            except Exception as error:  # noqa: BLE001 - whatever it is, its text may not leave
                return broken(Broken.by(error, exchange, secrets=(self._secret, token)))
        return verdict(answer.status, told, hostname=self._hostname, action=self._action)

    def _pool(self) -> PoolManager:
        # By process: a forked child must not write into its parent's connections.
        pid = os.getpid()
        return self._connections.get(pid) or self._connections.setdefault(pid, direct_pool())
