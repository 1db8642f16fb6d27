"""What an operator, or his editor, or his environment makes of the configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from smsctl.config import Config, example, load, policy
from smsctl.core.review import review
from smsctl.store.target import read_target
from tests.fuzz.chance import CHARACTERS, likely, slipped, text, tree
from tests.fuzz.oracle import Breach, tried
from tests.fuzz.surface import Surface

MARK = "marked-s3cret-of-nobody"
"""Put in as a value: no error may repeat it."""

_EXAMPLE = example()
_LINES = _EXAMPLE.splitlines(keepends=True)
_KEYS = (
    *("gateway", "purposes", "default_purpose", "captcha", "store", "code", "phone", "address"),
    *("test_numbers", "limits", "timezone", "provider", "secret", "access_key_secret", "proxy"),
    *("login", "template", "text", "variable", "url", "ca", "timeout", "durability", "prefix"),
    *("length", "ttl", "tries", "live", "wrong", "max", "window", "challenge", "region", "price"),
    *("countries", "private", "until", "name", "per", "only", "purpose", "country", "mode", "code"),
)
_VALUES = (
    *("aliyun", "turnstile", "console", "embedded", "rediss://u:p@h:1/0", "unix:///x", "60s", "1h"),
    *("day", "month", "1", "100", "1000000000", "CN", "[CN, HK]", "phone", "all", "ip", "observe"),
    *("${A}", "${A:-1}", "${", "${MISSING}", "1e999999999", "0E+999999999", "1_000", "-1", "0x10"),
    *("2026-12-31", "0001-01-01", "9999-12-31T23:59:59-14:00", "Asia", "Asia/Shanghai", "/etc"),
    *("13712345678", "123456", "none", "refuse", "allow"),
    *("strict", "redis+sentinel://a,b/s/0", MARK),
    *("redis+cluster://a:0", "http://127.0.0.1:99999"),
    *("https://[::1", "http://localhost", "\u00bd"),
    *("a: b", "*x", "&x", "!!int 1", "!<x> y", "- ", "? ", "%YAML 9.9", "99999999999999999999s"),
)  # fmt: skip
_SECTIONS: Mapping[str, Sequence[str]] = {
    "gateway": ("provider", "proxy", "access_key_secret", "timeout", "price", "endpoint"),
    "captcha": ("provider", "secret", "timeout", "on_outage", "outage_max", "endpoint"),
    "store": ("url", "ca", "prefix", "timeout", "durability"),
    "code": ("length", "ttl", "tries", "live", "wrong", "challenge", "secret"),
    "phone": ("region", "countries"),
}
_REPEATED = (
    *("a: 1\n", "- ", "[", "{", "{a: ", "? ", "&a [*a]\n", "# x\n", "  ", "\t", "'", '"', "|\n"),
    *("x" * 7 + "\n", "${A:-", "${A}", "$", "{", "a", "aa:", "redis://", "k: {m: 1}\n", "\ufeff"),
    *("  - {name: n, per: phone, max: 1, window: 60s}\n"),
    *("&x ", "!t ", "%YAML 1.", "---\n", "\x85"),
)  # fmt: skip
_OPEN = {*_VALUES, "x" * 100_000}
"""Stands in places that are no secret, too."""
_BEFORE = (
    *("", "limits:\n", "purposes:\n", "purposes: {", "store: {url: redis://", "limits: [", "- "),
    *("gateway: {proxy: http://", "gateway: {sign_name: '", "code: {secret: '", "timezone: '"),
    *('code: {secret: "', "default_purpose: |\n  ", "phone: {countries: [", "purposes:\n  "),
)
_TIMES = (2, 9, 101, 1000, 65_536, 262_144)

Parts = list[tuple[str, int]]
"""A document: texts, and how often each is written."""


@contextmanager
def surface() -> Iterator[Surface]:
    """Load documents from a file."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "config.yaml")
        seeds = tuple("".join(_LINES[at : at + 12]).encode() for at in range(0, len(_LINES), 12))
        yield Surface(
            "configuration", _draw, lambda drawn: _check(file, drawn), raw=_raw, seeds=seeds
        )


def _draw(chance: Random) -> dict[str, Any]:
    marked = False
    match chance.randrange(8):
        case 0:
            parts: Parts = [(slipped(chance, _EXAMPLE), 1)]
        case 1:
            taken = sorted(chance.randrange(len(_LINES)) for _ in range(chance.randrange(1, 12)))
            parts = [(_LINES[each], 1) for each in taken]
        case 2:
            parts = [
                (chance.choice(_BEFORE), 1),
                (chance.choice([*_REPEATED, *CHARACTERS]), chance.choice(_TIMES)),
                (chance.choice(["", "]", "}", "'", '"', "\n", ": 1"]), 1),
            ]
        case 3:
            parts = [(text(chance, _VALUES, most=300), 1)]
        case _:
            parts, marked = [(json.dumps(_sections(chance), ensure_ascii=False), 1)], True
    return {"parts": parts, "environ": _environ(chance), "marked": marked}


def _raw(read: bytes) -> dict[str, Any]:
    return {"parts": [(read.decode("latin-1"), 1)], "environ": {}, "marked": False, "bytes": True}


def _sections(chance: Random) -> Any:
    if likely(chance, 5):
        return tree(chance, _KEYS, _VALUES)
    made: dict[str, Any] = {
        name: {
            chance.choice([*keys, *_KEYS[:3]]): tree(chance, _KEYS, _VALUES, chance.randrange(3))
            for _ in range(chance.randrange(4))
        }
        for name, keys in _SECTIONS.items()
        if likely(chance, 3)
    }
    for name in ("purposes", "limits", "test_numbers", "timezone", "default_purpose", "address"):
        if likely(chance, 4):
            made[name] = tree(chance, _KEYS, _VALUES)
    if likely(chance, 3):
        made["limits"] = [_rule(chance) for _ in range(chance.choice([1, 2, 13, 100]))]
    return made


def _rule(chance: Random) -> Any:
    rule = {
        "name": chance.choice(["a", "b", "fuse", "captcha", f"n{chance.randrange(99)}"]),
        "per": chance.choice(["phone", "ip", "prefix", "country", "purpose", "all"]),
        "max": chance.choice(["1", "100", "101", "1000000000", "0"]),
        "window": chance.choice(["day", "month", "1s", "31d", "1.5h", "0.0001s", "32d"]),
        "mode": chance.choice(["enforce", "observe"]),
        "only": tree(chance, ["purpose", "country"], ["login", "CN", "HK"], 1),
    }
    for _ in range(chance.randrange(3)):
        rule.pop(chance.choice(sorted(rule)))
    return rule


def _environ(chance: Random) -> dict[str, str]:
    environ = {"A": chance.choice(["", "60s", "x" * 100_000, "${A}", "\udcff", MARK])}
    for _ in range(chance.randrange(3)):
        section = chance.choice([*_SECTIONS, "limits", "", "x"]).upper()
        key = chance.choice(_KEYS).upper()
        environ[f"SMSCTL_{section}__{key}"] = text(chance, _VALUES)
    return environ


def _check(file: Path, drawn: Mapping[str, Any]) -> None:
    written = "".join(piece * times for piece, times in drawn["parts"])
    encoded = written.encode("latin-1" if "bytes" in drawn else "utf-8", "surrogatepass")
    file.write_bytes(encoded[:262_144])
    file.chmod(0o600)
    read: list[Config] = []  # its repr is another matter than what an error says
    tried(
        lambda: read.append(load(file, environ=drawn["environ"])),
        secrets=[MARK] if drawn["marked"] else [],
    )
    for config in read:
        tried(lambda config=config: _use(config))  # type: ignore[misc] # a default, not a parameter


def _use(config: Config) -> None:
    """Do with a configuration what every command does."""
    review(policy(config))
    if config.store.url != "embedded":
        read_target(config.store.url, ca=config.store.ca, timeout=config.store.timeout)
    for number in config.test_numbers:
        number.until.timestamp()
    f"{config.gateway.price * 3:.2f}".strip()
    shown = repr(config)
    for secret in (config.code.secret, config.captcha.secret, config.gateway.access_key_secret):
        if len(secret) > 6 and secret not in _OPEN and secret in shown:
            raise Breach("told", "a secret in the repr of a configuration")
