"""The embedded store: several processes that start it at once, again and again, and a full disk."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from smsctl.store.embedded import EmbeddedServer
from tests.faults import shim
from tests.faults.checker import Findings
from tests.faults.load import Crew, Load
from tests.faults.trial import Interval, Report, Scale, judge, report

_SHARE = 0.3  # of a row's decisions: each write goes to the disk


def races(name: str, scale: Scale, crew: Crew, _: Path, folder: Path) -> Report:
    """It is killed, and every process that finds it gone starts it at once."""

    def fault(load: Load, server: EmbeddedServer) -> Interval:
        began = time.monotonic()
        pid = server.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)  # nobody waits for its end: all start it at once
        load.wait(scale.inside, unavailable=1)
        return began, began

    return _embedded(name, scale, crew, folder, fault)


def full_disk(name: str, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """Nothing can be written: it ends itself, is started again, and ends again."""
    if why := shim.missing():
        return Report(name=name, findings=Findings(), skipped=why)
    program = shim.shimmed(binary, folder)
    will = shim.Will(folder)

    def fault(load: Load, _: EmbeddedServer) -> Interval:
        began = time.monotonic()
        will.set(full=True)
        load.wait(scale.inside // 4, unavailable=5)
        will.set()
        return began, time.monotonic()

    return _embedded(name, scale, crew, folder, fault, program=str(program))


def _embedded(
    name: str,
    scale: Scale,
    crew: Crew,
    folder: Path,
    fault: Callable[[Load, EmbeddedServer], Interval],
    *,
    program: str = "",
) -> Report:
    """Let the crew start the store and press, while the fault comes and goes."""
    state = folder / "state"
    server = EmbeddedServer(state, os.environ)
    intervals: list[Interval] = []
    decisions = int(scale.decisions * _SHARE)
    try:
        with crew.playing(
            folder,
            f"embedded:{state}",
            fuse=scale.fuse,
            width=scale.width,
            life=scale.life,
            program=program,
        ) as load:
            load.wait(scale.before)
            for _ in range(scale.faults):
                pid = server.status().pid
                intervals.append(fault(load, server))
                load.wait(max(scale.before, decisions // scale.faults))
                assert server.status().pid != pid, "it did not end, or nobody started it"
        history, findings = judge(server.target, load.policy, load.files)
    finally:
        server.stop()
    return report(name, history, findings, intervals)
