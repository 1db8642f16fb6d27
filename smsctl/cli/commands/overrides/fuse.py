"""`fuse raise` and `fuse lower`: a higher fuse for a while."""

from __future__ import annotations

from typing import Annotated

import typer

from smsctl.cli.commands.confirm import confirm
from smsctl.cli.commands.overrides.giving import (
    Lasting,
    Reason,
    Until,
    give,
    new_override,
    overrides_result,
    read_reason,
    server_time,
    take_back,
)
from smsctl.cli.commands.overrides.until import read_until
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Line, Result
from smsctl.cli.frame.run import Run
from smsctl.core.phrase import phrase
from smsctl.core.rules import MAX_ROLLING, Rule

_MOST = 1_000_000_000


@command(
    needs="store",
    without_config="error",
    examples=[
        "smsctl fuse raise 8000 --until midnight --reason 'sale of the year'",
        "smsctl fuse raise 8000 --rule fuse --for 2h --reason 'ticket 4711' --yes",
    ],
)
def raise_(
    run: Run,
    most: Annotated[int, typer.Argument(metavar="MAX", help="How many it shall admit.")],
    *,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="NAME", help="Which fuse; else the only one.")
    ] = None,
    lasting: Lasting = None,
    until: Until = None,
    reason: Reason = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> Result:
    """Return the override, once somebody who saw what it may cost said yes."""
    why = read_reason(reason)
    parts = run.parts()
    found = _fuse(parts.policy.rules, rule)
    if not found.max < most <= (MAX_ROLLING if found.window.unit == "rolling" else _MOST):
        raise UsageError(
            phrase("{rule} admits {max}: raise it to more", rule=found.name, max=found.max)
            if most <= found.max
            else phrase("a rolling rule admits at most {most}", most=MAX_ROLLING)
        )
    zone = parts.policy.timezone
    end = read_until(lasting, until, now=server_time(parts), zone=zone)
    override = new_override(parts, kind="raise", reason=why, until=end, rule=found.name, max=most)
    if not yes:
        words = ["fuse", "raise", str(most), "--rule", found.name, "--reason", why]
        words += ["--until", until] if until is not None else ["--for", lasting or ""]
        confirm(
            run,
            phrase("Raise it?"),
            shown=[
                Line(
                    phrase(
                        "{rule} would admit {max} instead of {before}",
                        rule=found.name,
                        max=f"{most:,}",
                        before=f"{found.max:,}",
                    )
                )
            ],
            command=[*words, "--yes"],
        )
    give(parts, override, what=f"fuse raise {most} --rule {found.name}", touches=("all",))
    return overrides_result([override], zone, done=phrase("Raised."), empty=phrase("None."))


@command(
    needs="store",
    without_config="error",
    examples=["smsctl fuse lower --reason 'sale is over'"],
)
def lower(
    run: Run,
    *,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="NAME", help="Which fuse; else all.")
    ] = None,
    reason: Reason = None,
) -> Result:
    """Return the overrides that were taken back."""
    why = read_reason(reason)
    parts = run.parts()
    name = None if rule is None else _fuse(parts.policy.rules, rule).name
    gone = take_back(
        parts,
        lambda override: override.kind == "raise" and name in {None, override.rule},
        what=" ".join(["fuse lower", *([f"--rule {name}"] if name else [])]),
        reason=why,
    )
    return overrides_result(
        gone,
        parts.policy.timezone,
        done=phrase("As configured again.") if gone else None,
        empty=phrase("No fuse was raised."),
    )


def _fuse(rules: tuple[Rule, ...], name: str | None) -> Rule:
    fuses = [rule for rule in rules if rule.fuse]
    found = [rule for rule in fuses if name in {None, rule.name}]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        "no fuse has this name" if name is not None or not fuses else "say which fuse: --rule",
        hint=phrase("the fuses are: {names}", names=", ".join(rule.name for rule in fuses)),
    )
