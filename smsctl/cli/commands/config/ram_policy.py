"""`config ram-policy`: exactly the permissions that the calls of smsctl need."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run


@command(
    needs="captcha kind",
    without_config="try-out",
    examples=[
        "smsctl config ram-policy",
        "smsctl config ram-policy --send-only",
    ],
)
def ram_policy(
    run: Run,
    *,
    send_only: Annotated[
        bool, typer.Option("--send-only", help="For a backend: without what the checks ask.")
    ] = False,
) -> Result:
    """Return the policy; with Alibaba's captcha configured, its actions are in it."""
    from smsctl.vendors.aliyun_account import actions  # noqa: PLC0415 - the vendors' table

    calls = actions.SENDS if send_only else (*actions.SENDS, *actions.READS, *actions.RECORDS)
    names = [actions.action_name(call) for call in calls]
    if run.config().captcha.provider == "aliyun":
        names += actions.captcha_actions()
    policy = actions.ram_policy(names)
    return Result(
        schema="ram-policy",
        document={"policy": policy},
        text=json.dumps(policy, indent=2) + "\n",
    )
