"""Nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ["Tea", "aiohttp", "asyncio", "certifi", "darabonba", "requests", "urllib3"]

PROGRAM = """
import json, sys
from smsctl.core.policy import Purpose
from smsctl.vendors import aliyun_captcha, aliyun_sms, console, turnstile
from smsctl.vendors.lane import Lane
lane = Lane(blocking=True)
key = {"access_key_id": "id", "access_key_secret": "secret", "lane": lane}
purposes = {"login": Purpose(template="SMS_1")}
aliyun_sms.AliyunGateway(sign_name="", purposes=purposes, **key)
aliyun_captcha.AliyunCaptcha(scene_id="", **key)
turnstile.TurnstileCaptcha(secret="secret", lane=lane)
console.ConsoleGateway(sign_name="", purposes=purposes)
print(json.dumps(sorted(sys.modules)))
"""


def test_vendors_are_cheap_until_they_are_asked() -> None:
    """Importing and building every one of them loads neither an SDK nor an event loop."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    modules = json.loads(ran.stdout)
    assert [name for name in modules if name in HEAVY or name.startswith("alibaba")] == []
