"""`usage --check` and its like as monitoring plugins: one line with perfdata, exit codes 0 to 3.

Source: the Monitoring Plugins Development Guidelines, "Plugin Output" and "Performance data".
Pure. The line is for programs, so it is English whatever the operator reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from smsctl.cli.commands.fuses import Fuse, fullest
from smsctl.cli.frame.failures import Failure
from smsctl.cli.frame.result import Result
from smsctl.core.errors import ConfigError

OK: Final = 0
WARNING: Final = 1
CRITICAL: Final = 2
UNKNOWN: Final = 3

WORDS = {OK: "OK", WARNING: "WARNING", CRITICAL: "CRITICAL", UNKNOWN: "UNKNOWN"}


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """What a monitoring system is told."""

    code: Literal[0, 1, 2, 3]
    line: str


def verdict(found: Sequence[Fuse], *, warning: float, critical: float) -> PluginStatus:
    """Return the verdict on the fullest fuse; a threshold that is reached counts. In percent."""
    fuse = fullest(found)
    if fuse is None:
        return unknown("no fuse: no rule per: all is configured")
    code: Literal[0, 1, 2] = OK
    if fuse.reached(critical):
        code = CRITICAL
    elif fuse.reached(warning):
        code = WARNING
    told = f"{fuse.rule.name} {fuse.percent:g}% ({fuse.used} of {fuse.rule.max})"
    numbers = " ".join(_perfdata(each, warning=warning, critical=critical) for each in found)
    return PluginStatus(code, f"SMSCTL {WORDS[code]} - {told} | {numbers}")


def conversion(
    verified: int, sent: int, *, least: int, warning: float, critical: float
) -> PluginStatus:
    """Return the verdict on how many of an hour's sends were verified; below a threshold counts.

    In percent. Of fewer than `least` sends nothing can be said: that is OK.
    """
    if sent < least:
        return PluginStatus(OK, f"SMSCTL OK - too few sends: {sent} of {least} | sent={sent};;;0")
    percent = _number(verified * 100 / sent)
    code: Literal[0, 1, 2] = OK
    if verified * 100 < critical * sent:
        code = CRITICAL
    elif verified * 100 < warning * sent:
        code = WARNING
    told = f"{percent}% of {sent} sends verified in an hour"
    numbers = f"conversion={percent}%;{warning:g}:;{critical:g}:;0;100 sent={sent};;;0"
    return PluginStatus(code, f"SMSCTL {WORDS[code]} - {told} | {numbers}")


def gateway(failed: int, made: int, *, warning: float, critical: float) -> PluginStatus:
    """Return the verdict on the gateway's rejections and unknown outcomes; reaching counts."""
    percent = _number(failed * 100 / made) if made else "0"
    code: Literal[0, 1, 2] = OK
    if made and failed * 100 >= critical * made:
        code = CRITICAL
    elif made and failed * 100 >= warning * made:
        code = WARNING
    told = f"{failed} of {made} sends failed at the gateway in two hours"
    numbers = f"errors={percent}%;{warning:g};{critical:g};0;100 made={made};;;0"
    return PluginStatus(code, f"SMSCTL {WORDS[code]} - {told} | {numbers}")


def unknown(why: str) -> PluginStatus:
    """Return that nothing can be said; `why` goes on one line, without what begins perfdata."""
    told = " ".join(why.split()).replace("|", "/")
    return PluginStatus(UNKNOWN, f"SMSCTL {WORDS[UNKNOWN]} - {told}")


def unsaid(failed: Failure) -> PluginStatus:
    """Return that nothing can be said because of this failure.

    Of a configuration the first problem is named, and what helps.
    """
    if failed.code != ConfigError.code:
        return unknown(str(failed.message))
    more = len(failed.problems) - 1
    first = f"{failed.problems[0]} (+{more} more)" if more else str(failed.message)
    return unknown(f"{first}; {failed.hint}" if failed.hint else first)


def result_of(told: PluginStatus, schema: str) -> Result:
    """Return the one line, and its exit code."""
    return Result(
        schema=schema,
        document={"code": told.code, "line": told.line},
        text=f"{told.line}\n",
        exit_code=told.code,
    )


def read_percent(text: str) -> float | None:
    """Return a threshold from 0 to 100, or None for what is none; a % sign may follow."""
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        return None
    return percent if 0 <= percent <= 100 else None  # noqa: PLR2004 - a whole


def _perfdata(fuse: Fuse, *, warning: float, critical: float) -> str:
    most = fuse.rule.max
    levels = (_number(percent * most / 100) for percent in (warning, critical))
    return f"'{fuse.rule.name}'={fuse.used};{';'.join(levels)};0;{most}"


def _number(value: float) -> str:
    """Return the number in plain digits: perfdata knows no exponents."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
