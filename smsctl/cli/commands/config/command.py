"""`config check` and `config show`."""

from __future__ import annotations

from typing import Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands.asking import asked
from smsctl.cli.commands.config.screens import check_blocks, item_documents
from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Column, Grid, Line, Literally, Result
from smsctl.cli.frame.run import Run


@command(
    needs="nothing",
    without_config="try-out",
    examples=[
        "smsctl config check",
        "smsctl config check --online",
        "smsctl --config ./smsctl.yaml config check --json",
    ],
)
def check(
    run: Run,
    *,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask the vendors; nothing is sent.")
    ] = False,
) -> Result:
    """Return every item; nothing is sent, and the store is asked, never changed."""
    from smsctl.wiring.check import check as look  # noqa: PLC0415 - redis-py: 75 ms

    ask = (lambda config: asked(run, config)) if online else None
    items = look(run.config, environ=run.environ, ask=ask)
    wrong = any(item.level == "error" for item in items)
    say = run.words.say
    return Result(
        schema="check",
        document={
            "ok": not wrong,
            "items": item_documents(items, say),
        },
        columns=("level", "check", "message", "hint"),
        rows=[(item.level, item.check, say(item.message), say(item.hint)) for item in items],
        blocks=[*check_blocks(items)],
        exit_code=exits.CONFIG if wrong else exits.DONE,
    )


@command(
    needs="everything",
    without_config="try-out",
    examples=["smsctl config show", "smsctl config show --json"],
)
def show(run: Run) -> Result:
    """Return every value with its origin; what is missing is said, and no error."""
    config = run.config()
    path = None if config.path is None else str(config.path)
    lacking = {problem.path for problem in config.problems}
    values = [
        (each.path, each.text, each.origin + (", missing" if each.path in lacking else ""))
        for each in config.settings
    ]
    return Result(
        schema="config",
        document={
            "path": path,
            "values": [
                {"key": key, "value": value, "origin": origin} for key, value, origin in values
            ],
            "missing": [
                {"key": problem.path, "message": run.words.say(problem.message)}
                for problem in config.problems
            ],
        },
        columns=("key", "value", "origin"),
        rows=values,
        blocks=[
            Literally(path, tone="dim") if path else Line("no file: the defaults", tone="dim"),
            Grid((Column("Key"), Column("Value"), Column("Origin")), values),
        ],
    )
