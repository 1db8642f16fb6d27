"""One row of the table: a load, a fault that comes and goes, and what the checker says.

A row names a fault as a context manager over the trial: in force inside, mended afterwards. The
trial sees to it that decisions are made before, inside and after, and that the fault was seen.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from smsctl.core.policy import Policy
from smsctl.store.target import Target
from tests.faults.checker import Findings, check
from tests.faults.history import UNSURE, Deed, History, read_history
from tests.faults.load import Crew, Load
from tests.faults.probe import healthy, read_end
from tests.proxies import Proxy, proxied
from tests.servers import PrivateServer, running


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How long a row is."""

    decisions: int
    """At least so many in all, in healthy times and in bad ones."""
    before: int
    """Answers before each fault, and after it."""
    inside: int
    """Answers while each fault is in force."""
    faults: int
    """How often the fault comes and goes."""
    width: int
    """Threads of a process; a process of tasks has three times as many."""
    life: int
    """Decisions before the next phone is pressed."""
    fuse: int
    timeout: float
    """Seconds that callers wait for the store."""


_SEEN = 5  # callers that must have felt a fault before it is mended

SHORT = Scale(decisions=0, before=100, inside=40, faults=1, width=3, life=40, fuse=20, timeout=0.1)
FULL = Scale(
    decisions=51_000, before=1500, inside=300, faults=4, width=8, life=120, fuse=300, timeout=0.25
)


@dataclass(kw_only=True)
class Trial:
    """What a fault may take hold of."""

    server: PrivateServer
    load: Load
    scale: Scale
    folder: Path
    proxy: Proxy | None = None
    """Between the callers and the server, where the row is about the way there."""
    door: Path | None = None
    """A link to the server's socket, which may be turned to another's."""
    stack: ExitStack = field(default_factory=ExitStack)
    """What ends with the trial."""
    proof: int = 0
    """How often the server says that it felt the fault, where callers can't."""
    note: str = ""
    """What is told beside the row's numbers."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fault, and how it is known that it was in force."""

    name: str
    fault: Callable[[Trial], AbstractContextManager[None]]
    sign: str = ""
    """Words that callers must be told meanwhile; without, the trial's `proof` must rise."""
    options: tuple[str, ...] = ()
    """The server's."""
    program: Callable[[Path, Path], Path] = lambda binary, _: binary
    """From the server's binary and a folder: what is run."""
    windows: Mapping[str, int] = field(default_factory=dict)
    """As in `check`."""
    promised: bool = True
    """False: the invariants are not promised here, and the numbers are what they are."""
    cancel: bool = False
    """Callers vanish at any await."""
    shared: bool = True
    """Some request ids are used again and again; not where the clock outruns their memory."""
    proxied: bool = False
    slow: bool = False
    """It waits for what the server does once a second: in the full form alone."""
    once: bool = False
    """The fault can't come twice."""
    share: float = 1.0
    """Of the scale's decisions: less where each takes long."""
    needs: Callable[[], str] = lambda: ""
    """Why the row can't be run on this machine; empty where it can."""


@dataclass(kw_only=True)
class Report:
    """What a row found."""

    name: str
    findings: Findings
    decisions: int = 0
    unknown: int = 0
    recovery: float | None = None
    """Seconds from the mending to the first answer; the longest."""
    promised: bool = True
    skipped: str = ""
    note: str = ""

    @property
    def broken(self) -> bool:
        """Something that is promised was not kept."""
        return self.promised and bool(self.findings.sentences)


Interval = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Special:
    """A row that is no fault of one server under the usual load."""

    name: str
    run: Callable[[str, Scale, Crew, Path, Path], Report]
    """From its name, the scale, the crew, the server's binary and a folder."""
    slow: bool = False
    """It takes seconds: in the full form alone."""


def run_row(row: Row | Special, scale: Scale, crew: Crew, binary: Path, folder: Path) -> Report:
    """Run one row and return what it found."""
    if isinstance(row, Special):
        return row.run(row.name, scale, crew, binary, folder)
    if why := row.needs():
        return Report(name=row.name, findings=Findings(), skipped=why)
    decisions = int(scale.decisions * row.share)
    scale = replace(scale, decisions=decisions, faults=1 if row.once else scale.faults)
    with ExitStack() as stack:
        program = row.program(binary, folder)
        server = stack.enter_context(running(program, folder, *row.options))
        proxy = stack.enter_context(proxied(server.path, folder)) if row.proxied else None
        door = folder / "door"
        door.symlink_to(proxy.path if proxy else server.path)
        with _playing(row, scale, crew, door) as load:
            trial = Trial(
                server=server,
                load=load,
                scale=scale,
                folder=folder,
                proxy=proxy,
                door=door,
                stack=stack,
            )
            intervals = _rounds(row, trial)
        return _judge(row, trial, intervals)


def _playing(row: Row, scale: Scale, crew: Crew, door: Path) -> AbstractContextManager[Load]:
    return crew.playing(
        door.parent,
        f"unix://{door}",
        fuse=scale.fuse,
        width=scale.width,
        life=scale.life,
        timeout=scale.timeout,
        cancel=row.cancel,
        shared=row.shared,
    )


def _judge(row: Row, trial: Trial, intervals: list[Interval]) -> Report:
    load = trial.load
    history, findings = judge(trial.server.target, load.policy, load.files, windows=row.windows)
    _assert_felt(row, trial, history, intervals)
    told = report(row.name, history, findings, intervals)
    return replace(told, promised=row.promised, note=trial.note)


def judge(
    target: Target,
    policy: Policy,
    files: Sequence[Path],
    *,
    windows: Mapping[str, int] | None = None,
) -> tuple[History, Findings]:
    """Return what happened, and what is broken; the last file is for a healthy caller's own."""
    well = healthy(target, policy, files[-1], 99_999_999)
    history = read_history(file for file in files if file.exists())
    end = read_end(target, policy, history)
    findings = check(history, policy, end, windows=windows)
    findings.add("unforeseen", int(not well), "a healthy request fails afterwards")
    return history, findings


def report(
    name: str, history: History, findings: Findings, intervals: Iterable[Interval] = ()
) -> Report:
    """Return the numbers of one row."""
    deeds = history.deeds
    return Report(
        name=name,
        findings=findings,
        decisions=sum(deed.outcome != "none" for deed in deeds),
        unknown=sum(deed.outcome in UNSURE for deed in deeds),
        recovery=max((recovery(deeds, mended) for _, mended in intervals), default=None),
    )


def recovery(deeds: Iterable[Deed], mended: float) -> float:
    """Return the seconds until the first answer to a call that began after the mending."""
    answered = (d.ended for d in deeds if d.began >= mended and d.outcome not in UNSURE)
    return min(answered, default=math.inf) - mended


def _rounds(row: Row, trial: Trial) -> list[Interval]:
    intervals: list[Interval] = []
    scale, load = trial.scale, trial.load
    load.wait(scale.before)
    while len(intervals) < scale.faults or load.board.total < scale.decisions:
        with row.fault(trial):
            began = time.monotonic()
            load.wait(scale.inside, unavailable=_SEEN if row.sign and not row.cancel else 0)
            mended = time.monotonic()
        intervals.append((began, mended))
        load.wait(max(scale.before, scale.decisions // (scale.faults + 1)))
        if row.once:
            break
    load.wait(scale.decisions - load.board.total)
    return intervals


def _assert_felt(row: Row, trial: Trial, history: History, intervals: list[Interval]) -> None:
    """Fail where no decision was made under the fault, or none shows it."""
    for began, mended in intervals:
        inside = [deed for deed in history.deeds if began <= deed.ended <= mended]
        # An answer is noted a moment after it was given.
        assert 2 * len(inside) >= trial.scale.inside, f"{row.name}: {len(inside)} decisions inside"
        if row.sign:
            told = {f"{d.outcome}: {d.detail}" for d in inside if d.outcome in UNSURE}
            assert any(row.sign in words for words in told), f"{row.name}: told {told}"
        else:
            assert trial.proof >= len(intervals), f"{row.name}: the server felt nothing"
