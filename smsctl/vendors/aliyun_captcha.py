"""Alibaba Cloud Captcha 2.0 (2023-03-05, VerifyIntelligentCaptcha), by the SDK's generic client.

What the answer means is in `aliyun_captcha_answers.py`.
"""

from __future__ import annotations

from typing import Any

from smsctl.core.ports import Human, Misconfigured, NotHuman, Outage
from smsctl.vendors.aliyun_captcha_answers import verdict
from smsctl.vendors.aliyun_client import ask, read_account, rehearse, settings
from smsctl.vendors.captcha_answers import overdue, saturated
from smsctl.vendors.lane import DeadlinePassed, Lane, NotStarted, Saturated
from smsctl.vendors.libraries import SDK, missing
from smsctl.vendors.network import Broken

ENDPOINT = "captcha.cn-shanghai.aliyuncs.com"  # what the SDK makes up itself is not documented

_ACTION = {
    "action": "VerifyIntelligentCaptcha",
    "version": "2023-03-05",
    "protocol": "HTTPS",
    "pathname": "/",
    "method": "POST",
    "auth_type": "AK",
    "style": "RPC",
    "req_body_type": "formData",
    "body_type": "json",
}

_LONGEST_TOKEN = 65536  # the vendor names no limit; a real one has a few thousand characters


class AliyunCaptcha:
    """Asks once for each token, within `timeout` seconds of wall-clock time.

    `allow_test` admits the passes of a scene in test mode: for the console gateway alone.
    """

    def __init__(
        self,
        *,
        access_key_id: str,
        access_key_secret: str,
        scene_id: str,
        lane: Lane,
        endpoint: str = ENDPOINT,
        proxy: str = "",
        timeout: float = 5.0,
        allow_test: bool = False,
    ) -> None:
        """Raises ConfigError where endpoint or access key are not usable; connects to nothing."""
        self._account = read_account(
            access_key_id=access_key_id,
            access_key_secret=access_key_secret,
            endpoint=endpoint or ENDPOINT,
            endpoint_path="captcha.endpoint",
            proxy=proxy,
            timeout=timeout,
        )
        self._scene_id = scene_id
        self._lane = lane
        self._allow_test = allow_test

    async def check(
        self, token: str, *, ip: str | None
    ) -> Human | NotHuman | Outage | Misconfigured:
        """Spend the token; one that cannot be a token is refused without asking the vendor."""
        del ip  # the vendor saw the visitor itself
        if not token:
            return NotHuman(codes=["F002"])
        if len(token) > _LONGEST_TOKEN or not _is_text(token):
            return NotHuman(codes=["F003"])
        if broken := missing(SDK):
            return verdict(broken)
        try:
            answer = await self._lane.run(
                lambda: ask(self._account, lambda: self._verify(token), secrets=(token,)),
                timeout=self._account.timeout,
            )
        except (Saturated, NotStarted):
            return saturated()
        except DeadlinePassed:
            return overdue()
        return verdict(answer, allow_test=self._allow_test)

    def rehearse(self) -> Broken | None:
        """Build and sign a request without sending it; return what goes wrong, None for nothing."""
        return rehearse(self._account, lambda: self._verify("rehearsal"))

    def _verify(self, token: str) -> Any:
        # Imported in `libraries.py`, before the time began to run.
        from alibabacloud_tea_openapi.client import Client  # noqa: PLC0415
        from alibabacloud_tea_openapi.utils_models import (  # noqa: PLC0415
            Config,
            OpenApiRequest,
            Params,
        )
        from darabonba.runtime import RuntimeOptions  # noqa: PLC0415

        request = OpenApiRequest(body={"CaptchaVerifyParam": token, "SceneId": self._scene_id})
        client = Client(Config(**settings(self._account)))
        return client.call_api(Params(**_ACTION), request, RuntimeOptions())


def _is_text(token: str) -> bool:
    """Say whether it can be sent at all: bytes that were no UTF-8 cannot."""
    try:
        token.encode()
    except UnicodeEncodeError:
        return False
    return True
