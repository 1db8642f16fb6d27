"""`smsctl store acl`: a Redis user with exactly the rights that the store takes."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.phrase import phrase
from smsctl.store.rights import rights

_USER = re.compile(r"[A-Za-z0-9._-]{1,64}")


@command(
    needs="store address",
    without_config="try-out",
    examples=[
        "smsctl store acl | redis-cli",
        "smsctl store acl --operator --user oncall",
        "smsctl store acl --sentinels | redis-cli -p 26379",
    ],
)
def acl(
    run: Run,
    *,
    user: Annotated[
        str, typer.Option("--user", metavar="NAME", help="The user's name.")
    ] = "smsctl",
    operator: Annotated[
        bool,
        typer.Option("--operator", help="Also what the command line needs, not the guard alone."),
    ] = False,
    sentinels: Annotated[
        bool, typer.Option("--sentinels", help="The line for the sentinels, not for the servers.")
    ] = False,
) -> Result:
    """Return the lines for the configured store; no password is among them."""
    if not _USER.fullmatch(user):
        raise UsageError("a user's name has 1 to 64 letters, digits and ._-")
    if user == "default":
        # It needs no password on a server that was not told otherwise.
        raise UsageError("default is everybody who gives no name: make a user of another one")
    store = run.config().store
    granted = rights(
        user=user,
        url=store.url,
        prefix=store.prefix,
        strict=store.durability == "strict",
        operator=operator,
    )
    line = granted.on_sentinels() if sentinels else granted.on_servers()
    if not line:
        raise UsageError(
            "the configured store has no sentinels",
            hint=phrase("leave --sentinels out, or set store.url to redis+sentinel://…"),
        )
    if store.url == "embedded" and not run.config().wrong("store.url"):
        run.note(phrase("the embedded store needs no user: this is for a server of your own"))
    run.note(
        phrase(
            "a new user has no password and cannot log in; give it one: {line}",
            line=f"ACL SETUSER {user} >…",
        )
    )
    return Result(
        schema="store_acl",
        document={
            "user": user,
            "keys": granted.keys,
            "servers": list(granted.servers),
            "sentinels": list(granted.sentinels),
            "line": line,
        },
        text=f"{line}\n",
    )
