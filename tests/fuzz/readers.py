"""What strangers type, through the reader of each: phones, addresses, codes, purposes, ids."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from smsctl.cli.commands.explain.lookup import matches, nearest
from smsctl.core.address import read_address
from smsctl.core.phone import Phone
from smsctl.core.policy import Policy
from smsctl.core.readings import read_code, read_purpose, read_request_id
from smsctl.numbering import read_phone
from tests.fuzz.chance import foreign, likely, text
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

SEEDS: Mapping[str, Sequence[str]] = {
    "phone": [
        *("13712345678", "+8613712345678", "008613712345678", "+86 (137) 1234-5678"),
        *("\uff11\uff13\uff17\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "12", "0", "+"),
        *("+85251234567", "+14155550123", "+447911123456", "+882161111", "+7", "0044791112345"),
        *("1371234567800000000000000000000000000000", "(+(86)13712345678", "1-3-7-1-2-3-4-5-6-7-8"),
    ],
    "address": [
        *("203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1", "10.0.0.1", "fe80::1%eth0"),
        *("203.0.113.7:80", "[::1]", "0x7f.1", "1.2.3.4, 5.6.7.8", "::", "\uff11.2.3.4"),
    ],
    "code": ["123456", "000000", "\uff11\uff12\uff13\uff14\uff15\uff16", " 123456 ", "12345\u00b2"],
    "purpose": ["login", "pay", "LOGIN", "", "login "],
    "request": ["override-1", "a:b.c_d-e", "", "x" * 64, "override 1"],
    "explain": [
        "isv.BUS*",
        "Throttling.User",
        "触发小时级流控Permits:5",
        "75",
        "余额 code",
        "[*-a]?",
    ],
}

_REGIONS = ("CN", "HK", "US", "GB")
_POLICY = Policy()
_READ: Mapping[str, Callable[[Any, str], object]] = {
    "phone": lambda written, region: read_phone(written, region=region),
    "address": lambda written, region: read_address(
        written, private="count" if region == "HK" else "refuse"
    ),
    "code": lambda written, _: read_code(written, length=6),
    "purpose": lambda written, _: read_purpose(
        written, purposes=_POLICY.purposes, default=_POLICY.default_purpose
    ),
    "request": lambda written, _: read_request_id(written),
    "explain": lambda written, _: _explained(written),
}


def _explained(written: object) -> None:
    """Look up what an operator pasted: he types text, whatever is in it."""
    if isinstance(written, str):
        _ = matches(written), nearest(written)


def surface() -> Surface:
    """Return the readers."""
    seeds = tuple(
        bytes([number]) + written.encode()
        for number, kind in enumerate(SEEDS)
        for written in SEEDS[kind]
    )
    return Surface("readers", _draw, _check, raw=_raw, seeds=seeds)


def _draw(chance: Random) -> tuple[str, Any, str]:
    kind = chance.choice(tuple(SEEDS))
    written = foreign(chance) if likely(chance, 30) else text(chance, SEEDS[kind])
    return kind, written, chance.choice(_REGIONS)


def _raw(read: bytes) -> tuple[str, Any, str]:
    kinds = tuple(SEEDS)
    head, rest = (read[0] if read else 0), read[1:]
    written = rest.decode("utf-8", "surrogateescape")
    return kinds[head % len(kinds)], written, _REGIONS[head // len(kinds) % len(_REGIONS)]


def _check(drawn: tuple[str, Any, str]) -> None:
    kind, written, region = drawn
    secrets = re.findall(r"[0-9]{7,}", written) if kind == "phone" and _is_text(written) else []
    given = tried(lambda: _READ[kind](written, region), secrets=secrets)
    match kind, given:
        case "phone", Phone():
            again = read_phone(given.e164, region=region)
            if again != given:
                raise Breach("wrong", "a canonical phone is read as another")
        case "code", str() if not re.fullmatch(r"[0-9]{6}", given):
            raise Breach("wrong", "a code that is not six digits")
        case "address", str():
            ipaddress.ip_network(given)
        case _:
            pass


def _is_text(written: object) -> bool:
    return isinstance(written, str)
