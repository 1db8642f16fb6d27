"""`smsctl completion`: the script that teaches a shell our commands."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from smsctl.cli.frame.command import COMPLETING, command
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run


@command(
    needs="nothing",
    without_config="try-out",
    examples=(
        'eval "$(smsctl completion bash)"',
        "smsctl completion fish > ~/.config/fish/completions/smsctl.fish",
    ),
)
def completion(
    run: Run,  # noqa: ARG001 - as every command
    shell: Annotated[
        Literal["bash", "zsh", "fish"], typer.Argument(help="Which shell: bash, zsh or fish.")
    ],
) -> Result:
    """Return the script; it asks `smsctl` itself what can follow."""
    from typer._completion_shared import get_completion_script  # noqa: PLC0415 - 6 ms

    script = get_completion_script(prog_name="smsctl", complete_var=COMPLETING, shell=shell)
    return Result(
        schema="completion",
        document={"shell": shell, "script": f"{script}\n"},
        text=f"{script}\n",
    )
