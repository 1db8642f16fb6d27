"""`deny` and `allow`: who is turned away, and who is let through, for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from smsctl.cli.commands.confirm import confirm
from smsctl.cli.commands.overrides.giving import (
    LastingAWhile,
    Reason,
    Until,
    give,
    in_force,
    new_override,
    overrides_result,
    read_reason,
    server_time,
    take_back,
    touched,
)
from smsctl.cli.commands.overrides.until import read_until
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Line, Result
from smsctl.cli.frame.run import Run
from smsctl.core.errors import InvalidPhone
from smsctl.core.overrides import Target
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts  # redis-py: 75 ms

_Kind = Literal["deny", "allow"]
_DEFAULT = "30d"
_PREFIX = re.compile(r"\+[1-9][0-9]{2,10}\*?")
_NARROW = {4: 16, 6: 32}  # bits of a network that needs no second thought
_NARROW_PREFIX = 6  # characters of a prefix that needs none: +86138
_V6_SUBJECT = 64  # bits by which an IPv6 address counts
_Who = Annotated[
    str,
    typer.Argument(
        metavar="WHO", help="A phone, the beginning of numbers like +861620*, or a network."
    ),
]
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@command(
    needs="store",
    without_config="error",
    examples=[
        "smsctl deny add '+861620*' --for 12h --reason 'pumped at night'",
        "smsctl deny add 198.51.100.0/24 --reason 'ticket 4711'",
    ],
)
def deny_add(
    run: Run,
    who: _Who,
    *,
    lasting: LastingAWhile = None,
    until: Until = None,
    reason: Reason = None,
    yes: _Yes = False,
) -> Result:
    """Return the override, once somebody confirmed a wide one."""
    when = _When(lasting, until)
    return _add(run, "deny", who, when, reason=reason, yes=yes)


@command(
    needs="store",
    without_config="error",
    examples=[
        "smsctl allow add 13800138000 --for 2h --reason 'ticket 4711'",
        "smsctl allow add 203.0.113.0/24 --for 7d --reason 'our office'",
    ],
)
def allow_add(
    run: Run,
    who: _Who,
    *,
    lasting: LastingAWhile = None,
    until: Until = None,
    reason: Reason = None,
    yes: _Yes = False,
) -> Result:
    """Return the override, once somebody confirmed a wide one."""
    when = _When(lasting, until)
    return _add(run, "allow", who, when, reason=reason, yes=yes)


@command(
    needs="store",
    without_config="error",
    examples=["smsctl deny remove '+861620*' --reason 'over'"],
)
def deny_remove(run: Run, who: _Who, *, reason: Reason = None) -> Result:
    """Return the overrides that were taken back."""
    return _remove(run, "deny", who, reason)


@command(
    needs="store",
    without_config="error",
    examples=["smsctl allow remove 13800138000 --reason 'over'"],
)
def allow_remove(run: Run, who: _Who, *, reason: Reason = None) -> Result:
    """Return the overrides that were taken back."""
    return _remove(run, "allow", who, reason)


@command(
    needs="store",
    without_config="error",
    examples=["smsctl deny list", "smsctl deny list --json"],
)
def deny_list(run: Run) -> Result:
    """Return the denials in force."""
    return _list(run, "deny")


@command(
    needs="store",
    without_config="error",
    examples=["smsctl allow list"],
)
def allow_list(run: Run) -> Result:
    """Return the allowances in force."""
    return _list(run, "allow")


@dataclass(frozen=True, slots=True)
class _When:
    """How long, as it was typed."""

    lasting: str | None
    until: str | None


def _add(run: Run, kind: _Kind, who: str, when: _When, *, reason: str | None, yes: bool) -> Result:
    why = read_reason(reason)
    parts = run.parts()
    target = read_target(parts, who)
    zone = parts.policy.timezone
    now = server_time(parts)
    end = read_until(when.lasting, when.until, now=now, zone=zone, default=_DEFAULT)
    if _is_wide(target) and not yes:
        words = [kind, "add", who, "--reason", why]
        words += ["--until", when.until] if when.until else ["--for", when.lasting or _DEFAULT]
        confirm(
            run,
            phrase("Do it?"),
            shown=[Line(phrase("{target} is a great many", target=target.shown), mark="warn")],
            command=[*words, "--yes"],
        )
    override = new_override(parts, kind=kind, reason=why, until=end, target=target)
    give(parts, override, what=f"{kind} add {target.shown}", touches=touched(override))
    done = phrase("LimitExceeded.") if kind == "deny" else phrase("Allowed.")
    return overrides_result([override], zone, done=done, empty=phrase("None."))


def _remove(run: Run, kind: _Kind, who: str, reason: str | None) -> Result:
    why = read_reason(reason)
    parts = run.parts()
    target = read_target(parts, who)
    gone = take_back(
        parts,
        lambda override: override.kind == kind and override.target == target,
        what=f"{kind} remove {target.shown}",
        reason=why,
    )
    if not gone:
        raise UsageError(
            phrase("there is no such override: {target}", target=target.shown),
            hint=phrase("smsctl overrides shows what is in force"),
        )
    return overrides_result(
        gone, parts.policy.timezone, done=phrase("Removed."), empty=phrase("None.")
    )


def _list(run: Run, kind: _Kind) -> Result:
    parts = run.parts()
    standing = in_force(parts, kind)
    nobody = phrase("Nobody is denied.") if kind == "deny" else phrase("Nobody is allowed.")
    return overrides_result(standing, parts.policy.timezone, empty=nobody)


def read_target(parts: Parts, who: str) -> Target:
    """Return whom `who` names. Raises UsageError and InvalidPhone."""
    if "/" in who or ":" in who or who.count(".") == 3:  # noqa: PLR2004 - an IPv4 address
        return _network(who)
    if who.endswith("*"):
        if not _PREFIX.fullmatch(who):
            raise _no_prefix()
        return Target(kind="prefix", value=who[:-1], shown=who)
    try:
        phone = parts.read_phone(who)
    except InvalidPhone:
        if _PREFIX.fullmatch(who):  # the star was forgotten
            raise _no_prefix() from None
        raise
    name = parts.keyring.name("phone", phone.e164)
    return Target(kind="phone", value=name, shown=phone.masked)


def _no_prefix() -> UsageError:
    return UsageError(
        "a beginning of numbers has a + and 3 to 11 digits before the *",
        hint=phrase("write it like +861620*"),
    )


def _network(who: str) -> Target:
    try:
        network = ip_network(who)
    except ValueError:
        raise UsageError(
            "not a network",
            hint=phrase("write an address, or one like 198.51.100.0/24 or 2001:db8::/48"),
        ) from None
    if network.version == 6 and network.prefixlen > _V6_SUBJECT:  # noqa: PLR2004 - IPv6
        network = network.supernet(new_prefix=_V6_SUBJECT)
    return Target(kind="network", value=str(network), shown=str(network))


def _is_wide(target: Target) -> bool:
    if target.kind == "network":
        network = ip_network(target.value)
        return network.prefixlen < _NARROW[network.version]
    return target.kind == "prefix" and len(target.value) < _NARROW_PREFIX
