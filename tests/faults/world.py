"""The policy that all loads run under, and who presses the button in them.

Each rule binds somewhere: two phones share an address, and the fuse trips on the way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from smsctl.core.policy import CodePolicy, Policy, Purpose
from tests.histories import rule

LOGIN, PAY = "login", "pay"
TRIES, WRONG = 3, 6


def world(*, fuse: int, zone: str) -> Policy:
    """Return the policy: one code for a phone's login, three for its payments, six wrong tries."""
    return replace(
        Policy(),
        rules=(
            rule("once", "phone", 1, "24h", only_purpose=LOGIN),
            rule("thrice", "phone", 3, "24h", only_purpose=PAY),
            rule("address", "ip", 5, "day"),
            rule("fuse", "all", fuse, "day", only_purpose=LOGIN),
        ),
        purposes={LOGIN: Purpose(template="SMS_1"), PAY: Purpose(template="SMS_2")},
        code=CodePolicy(tries=TRIES, wrong_max=WRONG),
        timezone=ZoneInfo(zone),
    )


@cache
def noon_zone() -> str:
    """Return a time zone in which it is about noon, so that no run has a midnight in it."""
    ahead = (12 - datetime.now(UTC).hour) % 24
    return f"Etc/GMT{-ahead:+d}" if ahead <= 14 else f"Etc/GMT+{24 - ahead}"  # their sign is turned


def phone_name(number: int) -> str:
    """Return the store's name of a phone of a load that speaks to the store itself."""
    return f"phone-{number}"


def address_name(number: int) -> str:
    """Return the store's name of the address behind that phone; two phones share one."""
    return f"ip-{number // 2}"
