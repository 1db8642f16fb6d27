"""What a server's user of few rights is allowed: every command that is sent to it, and no other.

Names are Redis's own, as `ACL SETUSER` takes them. Knows no connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

GUARD = (
    *("eval", "evalsha", "time", "get", "mget", "exists", "set", "del", "pexpire"),
    *(
        "hincrby",
        "hget",
        "hset",
        "hsetnx",
        "hgetall",
        "hdel",
        "append",
        "rpush",
        "lrange",
        "lset",
        "ltrim",
    ),
)
"""The guard: what `store/lua/` calls, and what calls it."""

OPERATOR = ("lpush", "multi", "exec")
"""Operators, besides: usage, the record of decisions, and the audit log."""

CHECK = ("info", "script|load", "config|get")
"""`config check`, besides: how writes reach the disk, and whether the scripts compile."""

CLUSTER = ("cluster|nodes", "asking")
STRICT = ("wait",)
STRICT_ALONE = ("role",)
"""On a plain `redis://`, besides: nobody else knows the replicas."""

SENTINEL = ("sentinel|get-master-addr-by-name", "sentinel|replicas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """One user's rights on the servers, and on the sentinels where there are any."""

    user: str
    keys: str
    """The pattern of the keys, `{sms}:*`."""
    servers: tuple[str, ...]
    sentinels: tuple[str, ...] = ()

    def on_servers(self) -> str:
        """Return the line that makes the user on a server; a password is given apart."""
        return f"ACL SETUSER {self.user} on -@all resetchannels resetkeys ~{self.keys} " + " ".join(
            f"+{command}" for command in self.servers
        )

    def on_sentinels(self) -> str:
        """Return the same for a sentinel, which holds no keys; empty where there is none."""
        if not self.sentinels:
            return ""
        return f"ACL SETUSER {self.user} on -@all resetchannels resetkeys " + " ".join(
            f"+{command}" for command in self.sentinels
        )


def rights(*, user: str, url: str, prefix: str, strict: bool, operator: bool) -> Rights:
    """Return the rights that this store takes; with `operator` those of the command line, too."""
    kind = urlsplit(url).scheme.rpartition("+")[2]
    commands: tuple[str, ...] = GUARD
    if operator:
        commands += OPERATOR + CHECK
    if kind == "cluster":
        commands += CLUSTER
    if strict:
        commands += STRICT if kind in {"cluster", "sentinel"} else STRICT + STRICT_ALONE
    return Rights(
        user=user,
        keys=f"{{{prefix}}}:*",
        servers=commands,
        sentinels=SENTINEL if kind == "sentinel" else (),
    )
