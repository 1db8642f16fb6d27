"""A process that plays: takes jobs as lines on its input, says on its output when each is done.

A job is threads or tasks that press buttons until the board says that it is over.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from smsctl.core.blocking import run_blocking
from smsctl.store.binary import OVERRIDE
from smsctl.store.connection import AsyncConnection, BlockingConnection
from smsctl.store.embedded import EmbeddedServer
from smsctl.store.target import read_target
from tests.faults.board import Board
from tests.faults.history import Recorder
from tests.faults.players import Player, StorePlayer, guard_player, redis_store
from tests.faults.world import LOGIN, PAY, world

PAUSE = 0.005  # s that a caller waits before he tries an unavailable store again
_CROWD = 8  # phones that are pressed at once


class Manner(Protocol):
    """How buttons are pressed."""

    life: int
    """Decisions in all processes before the next phone is pressed."""
    shared: bool
    """Some request ids are used by many."""


class Job(msgspec.Struct, kw_only=True):
    """What one process plays."""

    url: str
    """`unix://…`, or `embedded:` and a state directory."""
    timeout: float
    face: Literal["threads", "tasks"]
    width: int
    """How many press at once."""
    life: int
    """Decisions in all processes before the next phone is pressed."""
    whole: bool
    """Through a whole guard; else the store alone."""
    fuse: int
    zone: str
    folder: str
    player: int
    """This process's place on the board."""
    players: int
    cancel: bool
    """Callers vanish at any await (tasks alone)."""
    shared: bool
    """Some request ids are used by many."""
    program: str
    """The embedded store's server; empty for the usual one."""
    strict: bool
    """Replicas confirm each write."""


def history_file(folder: Path, player: int | str) -> Path:
    """Return where that player writes down what happens."""
    return folder / f"history-{player}"


async def play(
    player: Player,
    board: Board,
    chance: random.Random,
    manner: Manner,
    pause: Callable[[], Awaitable[None]],
) -> None:
    """Press buttons until the board says that it is over."""
    turn = 0
    while not board.over:
        turn += 1
        outcome = await _press(player, board, chance, manner, f"{chance.random()}-{turn}")
        if outcome == "unavailable":
            await pause()


async def _press(
    player: Player, board: Board, chance: random.Random, manner: Manner, request: str
) -> str:
    phone = board.total // manner.life + chance.randrange(_CROWD)
    purpose = chance.choice((LOGIN, PAY))
    if chance.random() < 0.5:
        return await player.verify(phone, purpose, right=chance.random() < 0.15)
    if manner.shared and chance.random() < 0.2:
        shared = f"{player.shared}-{phone}-{purpose}"
        return await player.send(phone, purpose, request=shared, alone=False)
    return await player.send(phone, purpose, request=request, alone=chance.random() < 0.3)


async def play_vanishing(
    player: Player, board: Board, chance: random.Random, manner: Manner
) -> None:
    """As `play`, by callers of whom half are cancelled at some await."""
    turn = 0
    while not board.over:
        turn += 1
        caller = asyncio.ensure_future(
            _press(player, board, chance, manner, f"{chance.random()}-{turn}")
        )
        for _ in range(chance.choice((1, 2, 3, 5, 8, 13, 1000))):
            if caller.done():
                break
            await asyncio.sleep(0)
        caller.cancel()
        (outcome,) = await asyncio.gather(caller, return_exceptions=True)
        if outcome == "unavailable":
            await asyncio.sleep(PAUSE)


def run(job: Job) -> None:
    """Play one job to its end."""
    board = Board(Path(job.folder, "board"), job.players)
    recorder = Recorder(history_file(Path(job.folder), job.player), partial(board.note, job.player))
    if job.face == "threads":
        _run_threads(job, board, recorder)
    else:
        asyncio.run(_run_tasks(job, board, recorder))
    recorder.close()


def _run_threads(job: Job, board: Board, recorder: Recorder) -> None:
    connection = _connect(job, BlockingConnection)
    player = _player(job, connection, recorder)
    never = threading.Event()

    async def pause() -> None:
        never.wait(PAUSE)

    def lane(number: int) -> None:
        chance = random.Random(f"{job.player} {number}")
        run_blocking(play(player, board, chance, job, pause))

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(job.width)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_blocking(connection.close())


async def _run_tasks(job: Job, board: Board, recorder: Recorder) -> None:
    connection = _connect(job, AsyncConnection)
    player = _player(job, connection, recorder)

    async def pause() -> None:
        await asyncio.sleep(PAUSE)

    chances = [random.Random(f"{job.player} {number}") for number in range(job.width)]
    if job.cancel:
        await asyncio.gather(*(play_vanishing(player, board, chance, job) for chance in chances))
    else:
        await asyncio.gather(*(play(player, board, chance, job, pause) for chance in chances))
    await connection.close()


def _connect(
    job: Job, face: type[BlockingConnection | AsyncConnection]
) -> BlockingConnection | AsyncConnection:
    scheme, _, rest = job.url.partition(":")
    if scheme == "embedded":
        environ = {**os.environ, **({OVERRIDE: job.program} if job.program else {})}
        server = EmbeddedServer(Path(rest), environ, timeout=job.timeout)
        server.start()
        return face(server.target, revive=server.start)
    return face(read_target(job.url, timeout=job.timeout), strict=job.strict)


def _player(
    job: Job, connection: BlockingConnection | AsyncConnection, recorder: Recorder
) -> Player:
    policy = world(fuse=job.fuse, zone=job.zone)
    if job.whole:
        return guard_player(connection, policy, recorder)
    return StorePlayer(redis_store(connection, policy), recorder)


def main() -> None:
    """Play job after job until the input ends."""
    logging.getLogger("smsctl").addHandler(logging.NullHandler())
    _say("ready")
    for line in sys.stdin:
        try:
            run(msgspec.json.decode(line, type=Job))
        except BaseException:  # noqa: BLE001 - the other side wants to know
            _say(traceback.format_exc().replace("\n", "|"))
        else:
            _say("done")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
