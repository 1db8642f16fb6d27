"""Which parts of the configuration a use needs, as paths: what is wrong elsewhere stops nobody.

A path stands for everything below it. Knows no values, only where they are written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from smsctl.core.errors import Problem

ORDER = (
    "gateway",
    "purposes",
    "default_purpose",
    "captcha",
    "store",
    "code",
    "phone",
    "address",
    "test_numbers",
    "limits",
    "alerts",
    "timezone",
)
"""Every key at the top, in the order in which values and problems are told."""

WHOLE_FILE = ""
"""The path of what is wrong with no single section, like an unknown key at the top."""

ACCOUNT = (
    "gateway.provider",
    "gateway.access_key_id",
    "gateway.access_key_secret",
    "gateway.endpoint",
    "gateway.proxy",
    "gateway.timeout",
)
"""What it takes to ask the SMS vendor anything."""

Needs = Literal[
    "nothing",
    "everything",
    "texts",
    "captcha kind",
    "store address",
    "store",
    "costs",
    "conversion",
    "verifying",
    "sending",
    "vendor",
    "channels",
    "alerts",
]
"""What a command, or the library, does with the configuration."""


@dataclass(frozen=True, slots=True)
class Need:
    """The paths that a use reads."""

    paths: frozenset[str]
    without_secrets: bool = False
    """It goes on without a value that is only missing, and shows it as missing."""


_STORE = frozenset(
    {
        WHOLE_FILE,
        "purposes",
        "default_purpose",
        "store",
        "code",
        "phone",
        "address",
        "limits",
        "timezone",
    }
)
_VERIFYING = _STORE | {"test_numbers"}  # their codes are secrets, and nobody else reads them
_TEXTS = frozenset(
    {
        "gateway.sign_name",
        "gateway.price",
        "purposes",
        "default_purpose",
        "code.length",
        "code.ttl",
    }
)

NEEDS: Mapping[Needs, Need] = {
    "nothing": Need(frozenset()),
    "everything": Need(frozenset({WHOLE_FILE, *ORDER}), without_secrets=True),
    "texts": Need(_TEXTS, without_secrets=True),
    "captcha kind": Need(frozenset({"captcha.provider"}), without_secrets=True),
    "store address": Need(frozenset({"store"}), without_secrets=True),
    "store": Need(_STORE),
    "costs": Need(_STORE | {"gateway.price", "gateway.sign_name"}),
    "conversion": Need(_STORE | {"alerts.conversion"}),
    "verifying": Need(_VERIFYING),
    "sending": Need(_VERIFYING | {"gateway", "captcha"}),
    "vendor": Need(_STORE | {"gateway"}),
    "channels": Need(frozenset({WHOLE_FILE, "alerts", "timezone"})),
    "alerts": Need(_STORE | {"alerts"}),
}


def rank(path: str) -> int:
    """Return the place of a path among the others; what concerns the whole file comes first."""
    top = _top(path)
    return ORDER.index(top) if top in ORDER else -1


def concerning(problems: Collection[Problem], paths: Collection[str]) -> Iterator[Problem]:
    """Yield the problems that concern a use of these paths.

    A value that is missing only because another one asks for it concerns nobody who does not read
    that one: a template is needed where the gateway is.
    """
    for problem in problems:
        if _touches(problem.path, paths) and (
            not problem.because or _touches(problem.because, paths)
        ):
            yield problem


def within(path: str, outer: str) -> bool:
    """Say whether the value at `path` is the one at `outer`, or a part of it."""
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _touches(path: str, paths: Collection[str]) -> bool:
    if _top(path) not in ORDER:
        return WHOLE_FILE in paths
    return any(within(path, needed) or within(needed, path) for needed in paths if needed)


def _top(path: str) -> str:
    """Return the key at the top; nothing for a place in the file, `alerts.yaml:3:1`."""
    return WHOLE_FILE if ":" in path else path.partition(".")[0].partition("[")[0]
