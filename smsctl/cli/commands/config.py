"""`config init`, `config check` and `config show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands.config_screens import check_blocks
from smsctl.cli.commands.confirm import confirm
from smsctl.cli.commands.starter import starter_path, write_starter
from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Column, Grid, Line, Literally, Result
from smsctl.cli.frame.run import Run
from smsctl.core.phrase import phrase


@command(
    "Write a commented starter file, readable by you alone.",
    examples=["smsctl config init", "smsctl config init ./smsctl.yaml"],
)
def init(
    run: Run,
    *,
    path: Annotated[
        str | None,
        typer.Argument(metavar="PATH", help="Where; by default where it is looked for first."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file that is there.")] = False,
) -> Result:
    """Write the file, once somebody said yes where there is one already."""
    given = path or run.options.config
    place = starter_path(Path(given) if given else None, run.environ)
    replaced = False
    if force:
        replaced = place.exists()
        write_starter(place, replace=True)
    elif not write_starter(place, replace=False):
        confirm(
            run,
            phrase("{path} exists. Replace it?", path=place),
            shown=[],
            command=["config", "init", *([path] if path else []), "--force"],
        )
        replaced = write_starter(place, replace=True)
    return Result(
        schema="init",
        document={"path": str(place), "replaced": replaced},
        columns=("path", "replaced"),
        rows=[(str(place), str(replaced).lower())],
        blocks=[
            Line(phrase("Written: {path}", path=place), mark="ok"),
            Line("Next: fill in gateway and purposes, then run smsctl config check."),
        ],
    )


@command(
    "Check everything: the file, the rules, the store; 78 with an error.",
    examples=["smsctl config check", "smsctl --config ./smsctl.yaml config check --json"],
)
def check(run: Run) -> Result:
    """Return every item; nothing is sent, and the store is asked, never changed."""
    from smsctl.wiring.check import check as look  # noqa: PLC0415 - redis-py: 75 ms

    items = look(run.options.config, environ=run.environ)
    wrong = any(item.level == "error" for item in items)
    say = run.words.say
    return Result(
        schema="check",
        document={
            "ok": not wrong,
            "items": [
                {
                    "level": item.level,
                    "check": item.check,
                    "message": say(item.message),
                    "hint": say(item.hint) or None,
                }
                for item in items
            ],
        },
        columns=("level", "check", "message", "hint"),
        rows=[(item.level, item.check, say(item.message), say(item.hint)) for item in items],
        blocks=[*check_blocks(items)],
        exit_code=exits.CONFIG if wrong else exits.DONE,
    )


@command(
    "Show the values in force, and where each came from; secrets are masked.",
    examples=["smsctl config show", "smsctl config show --json"],
)
def show(run: Run) -> Result:
    """Return every value with its origin."""
    config = run.config()
    path = None if config.path is None else str(config.path)
    values = [(each.path, each.text, each.origin) for each in config.settings]
    return Result(
        schema="config",
        document={
            "path": path,
            "values": [
                {"key": key, "value": value, "origin": origin} for key, value, origin in values
            ],
        },
        columns=("key", "value", "origin"),
        rows=values,
        blocks=[
            Literally(path, tone="dim") if path else Line("no file: the defaults", tone="dim"),
            Grid((Column("Key"), Column("Value"), Column("Origin")), values),
        ],
    )
