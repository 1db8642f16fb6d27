"""What a store is asked when all is over: what it counts, what never expires, whether it works."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import redis

from smsctl.core.admin import Selection, Standing
from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Policy
from smsctl.store.admin import RedisAdmin
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.target import Target
from tests.faults.checker import End
from tests.faults.history import History, Recorder
from tests.faults.players import guard_player, scripts
from tests.faults.world import LOGIN, PAY

_AT_ONCE = 200


def read_end(target: Target, policy: Policy, history: History) -> End:
    """Return what the store counts for everybody in the history."""
    behind = {deed.phone: deed.ip for deed in history.deeds if deed.ip}  # its one address
    pairs = [(phone, behind.get(phone)) for phone in {deed.phone for deed in history.deeds}]
    return asyncio.run(_read_end(target, policy, pairs))


async def _read_end(target: Target, policy: Policy, pairs: Sequence[tuple[str, str | None]]) -> End:
    connection = AsyncConnection(target)
    admin = RedisAdmin(scripts(connection, policy))
    used: dict[tuple[str, str], int] = {}
    wrong: dict[str, int] = {}
    for place in range(0, len(pairs), _AT_ONCE):
        some = pairs[place : place + _AT_ONCE]
        shown: list[Standing] = await asyncio.gather(*(_show(admin, *pair) for pair in some))
        for (phone, _), standing in zip(some, shown, strict=True):
            used |= {(level.rule, level.subject): level.used for level in standing.levels}
            wrong[phone] = standing.wrong
    await connection.close()
    return End(used=used, wrong=wrong, eternal=_eternal(target))


async def _show(admin: RedisAdmin, phone: str, ip: str | None) -> Standing:
    return await admin.show(Selection(phone=phone, ip=ip, purposes=(LOGIN, PAY), all=True))


def _eternal(target: Target) -> list[str]:
    with redis.Redis(unix_socket_path=target.path, protocol=2) as client:
        keys = list(client.scan_iter(match="{sms}:*", count=1000))
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.pttl(key)
        lives = pipeline.execute()
    return [key.decode() for key, life in zip(keys, lives, strict=True) if life == -1]


def healthy(target: Target, policy: Policy, file: Path, phone: int) -> bool:
    """Say whether a phone that never asked is sent a code, and can use it once."""
    recorder = Recorder(file)
    connection = BlockingConnection(target)
    player = guard_player(connection, policy, recorder, moods=False)
    request = f"healthy-{phone}"
    outcomes = [
        run_blocking(player.send(phone, PAY, request=request, alone=True)),
        *(run_blocking(player.verify(phone, PAY, right=right)) for right in (False, True, True)),
    ]
    run_blocking(connection.close())
    recorder.close()
    return outcomes == ["sent", "rejected", "verified", "rejected"]
