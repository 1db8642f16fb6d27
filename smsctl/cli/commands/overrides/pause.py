"""`pause`, `resume` and `overrides`: stopping all or a part of the sends for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from smsctl.cli.commands.overrides.giving import (
    Lasting,
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
from smsctl.cli.commands.overrides.hosts import host_documents
from smsctl.cli.commands.overrides.until import read_until
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.blocking import run_blocking
from smsctl.core.hosts import disagreement, fingerprint_of, others
from smsctl.core.overrides import Override
from smsctl.core.phrase import phrase
from smsctl.core.readings import read_purpose


@command(
    needs="store",
    without_config="error",
    examples=[
        "smsctl pause --for 30m --reason 'bots on the login page'",
        "smsctl pause --purpose login --until midnight --reason 'ticket 4711'",
    ],
)
def pause(
    run: Run,
    *,
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="PURPOSE", help="One purpose; else all.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", metavar="CC", help="One country; else all.")
    ] = None,
    lasting: Lasting = None,
    until: Until = None,
    reason: Reason = None,
) -> Result:
    """Return the pause that every process obeys with its next send."""
    why = read_reason(reason)
    parts = run.parts()
    policy = parts.policy
    if purpose is not None:
        purpose = read_purpose(purpose, purposes=policy.purposes, default=policy.default_purpose)
    if country is not None and country not in policy.countries:
        raise UsageError(
            "nothing is sent to this country anyway",
            hint=phrase(
                "phone.countries has: {countries}", countries=", ".join(sorted(policy.countries))
            ),
        )
    end = read_until(lasting, until, now=server_time(parts), zone=policy.timezone)
    override = new_override(
        parts, kind="pause", reason=why, until=end, purpose=purpose, country=country
    )
    chosen = [f"--purpose {purpose}"] if purpose else []
    chosen += [f"--country {country}"] if country else []
    give(parts, override, what=" ".join(["pause", *chosen]), touches=touched(override))
    return overrides_result(
        [override], policy.timezone, done=phrase("Paused."), empty=phrase("None.")
    )


@command(
    needs="store",
    without_config="error",
    examples=["smsctl resume --reason 'bots are gone'", "smsctl resume 1a2b3c4d --reason done"],
)
def resume(
    run: Run,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Which pauses; else all.")
    ] = None,
    *,
    reason: Reason = None,
) -> Result:
    """Return the pauses that were ended."""
    why = read_reason(reason)
    parts = run.parts()
    wanted = set(ids or [])

    def chosen(override: Override) -> bool:
        return override.kind == "pause" and (not wanted or override.id in wanted)

    if missing := wanted - {override.id for override in in_force(parts, "pause")}:
        raise UsageError(
            phrase("no pause has this id: {ids}", ids=", ".join(sorted(missing))),
            hint=phrase("smsctl overrides shows what is in force"),
        )
    gone = take_back(parts, chosen, what=" ".join(["resume", *sorted(wanted)]), reason=why)
    return overrides_result(
        gone,
        parts.policy.timezone,
        done=phrase("Resumed.") if gone else None,
        empty=phrase("Nothing was paused."),
    )


@command(
    needs="store",
    without_config="error",
    examples=["smsctl overrides", "smsctl overrides --json"],
)
def overrides(run: Run) -> Result:
    """Return the overrides that have not ended, with the hosts that decide by another policy."""
    parts = run.parts()
    zone, ours = parts.policy.timezone, fingerprint_of(parts.policy)
    hosts = others(run_blocking(parts.hosts.fresh()), ours)
    for host in hosts:
        run.warn(disagreement(host, ours, zone))
    result = overrides_result(in_force(parts), zone, empty=phrase("No override is in force."))
    documents = {"hosts": host_documents(hosts, ours, zone)}
    return replace(result, document={**result.document, **documents})
