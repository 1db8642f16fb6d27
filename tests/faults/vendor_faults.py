"""Gateways and captchas in every mood, behind the real adapters, under threads that press."""

from __future__ import annotations

import random
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from smsctl.core.blocking import run_blocking
from smsctl.core.policy import Policy
from smsctl.core.ports import Accepted, Captcha, Declined, Gateway, Message, Unclear
from smsctl.store.connection import BlockingConnection
from smsctl.vendors.aliyun_sms import AliyunGateway
from smsctl.vendors.lane import Lane
from smsctl.vendors.turnstile import TurnstileCaptcha
from tests.fakes.aliyun import (
    ACCESS_KEY_ID,
    ACCESS_KEY_SECRET,
    Code,
    FakeAliyun,
    Submitted,
    envelope,
)
from tests.fakes.siteverify import PASSED, SECRET, FakeSiteverify, read_fields, refusal
from tests.fakes.vendor import Answer, Fault, Heard
from tests.faults.board import Board
from tests.faults.history import Recorder
from tests.faults.load import Crew, Load
from tests.faults.players import MoodyGateway, Player, guard_player
from tests.faults.trial import Report, Scale, judge, report
from tests.faults.worker import play
from tests.faults.world import noon_zone, world
from tests.servers import PrivateServer, running

_TIMEOUT = 0.1  # s for one vendor call
_FAULTS: Sequence[Fault] = get_args(Fault)
_NO = ("isv.BUSINESS_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH", "Throttling.User")
_MAYBE = ("isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "SignatureNonceUsed", "InternalError")
_OUTAGES = 7
"""Sends that a captcha's outage may let through."""


@dataclass
class _Manner:
    """As the worker's; slow vendors need fresh phones."""

    life: int
    shared: bool = True


class _Moods:
    """One mood after the other, again and again; for threads."""

    def __init__(self, moods: Sequence[str]) -> None:
        self.rounds = 0
        """How often all have come."""
        self._moods = moods
        self._turn = 0
        self._lock = threading.Lock()

    def next(self) -> str:
        with self._lock:
            mood = self._moods[self._turn]
            self._turn = (self._turn + 1) % len(self._moods)
            self.rounds += self._turn == 0
        return mood


class MoodyAliyun(FakeAliyun):
    """Takes every other message whose answer is lost, and every one that it says it took."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._moods = _Moods([*(["OK"] * 10), *_NO, *_MAYBE, *_FAULTS])

    def covered(self) -> bool:
        """Say whether it was in every mood."""
        return self._moods.rounds > 0

    def decide(self, submitted: Submitted) -> Answer | tuple[Fault, Answer]:
        mood = self._moods.next()
        if mood == "OK" or (mood not in _NO and zlib.crc32(submitted.out_id.encode()) % 2):
            self._recorder.taken(submitted.out_id)
        if mood in _FAULTS:
            return self.fail(mood, envelope(Code("OK")))
        return envelope(Code(mood, 500 if mood == "InternalError" else 200))


class BreakingSdk(AliyunGateway):
    """Raises before a byte is written, or once the answer is there; what it did, it does again."""

    def _send_sms(self, message: Message) -> Any:
        fate = zlib.crc32(message.request_id.encode()) % 16
        if fate == 0:
            raise AttributeError("before the first byte")
        answer = super()._send_sms(message)
        if fate == 1:
            raise AttributeError("after the last")
        return answer


@dataclass
class _Listing(MoodyGateway):
    """Says which requests came as far as the gateway."""

    requests: set[str] = field(default_factory=set)

    async def submit(self, message: Message) -> Accepted | Declined | Unclear:
        self.requests.add(message.request_id)
        return await super().submit(message)


class MoodySiteverify(FakeSiteverify):
    """Passes every other token, and is out of order as often as a vendor never was."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: set[str] = set()
        """Tokens that it vouched for, whether or not the answer arrived."""
        self._moods = _Moods(
            [*(["passed"] * 12), *(["refused"] * 3), "internal-error", "secret", *_FAULTS]
        )

    def covered(self, times: int = 1) -> bool:
        """Say whether it was in every mood so many times."""
        return self._moods.rounds >= times

    def reply(self, heard: Heard) -> Answer | tuple[Fault, Answer]:
        mood = self._moods.next()
        if mood == "passed":
            self.passed.add(read_fields(heard)["response"])
        match mood:
            case "passed":
                return Answer(200, PASSED)
            case "refused":
                return Answer(200, refusal("timeout-or-duplicate"))
            case "internal-error":
                return Answer(200, refusal("internal-error"))
            case "secret":
                return Answer(200, refusal("invalid-input-secret"))
            case _:
                return self.fail(mood, Answer(200, PASSED))


def gateway_moods(name: str, scale: Scale, _: Crew, binary: Path, folder: Path) -> Report:
    """Every fault of the gateway: what it took is counted, what it did not take goes back."""
    recorder, policy = Recorder(folder / "vendor"), _policy(scale)
    lane = Lane(threads=32, blocking=True)
    with running(binary, folder) as server, MoodyAliyun(recorder) as vendor:
        gateway = BreakingSdk(
            access_key_id=ACCESS_KEY_ID,
            access_key_secret=ACCESS_KEY_SECRET,
            sign_name="示例签名",
            purposes=policy.purposes,
            endpoint=vendor.url,
            timeout=_TIMEOUT,
            lane=lane,
        )
        _press(server, policy, scale, folder, vendor.covered, gateway=gateway)
        lane.close()
        recorder.close()
        history, findings = judge(server.target, policy, _files(folder))
    return report(name, history, findings)


def captcha_moods(name: str, scale: Scale, _: Crew, binary: Path, folder: Path) -> Report:
    """Every fault of the captcha: no human, no message, but for the few that an outage passes."""
    policy = replace(_policy(scale), on_outage="allow", outage_max=_OUTAGES)
    lane, recorder = Lane(threads=32, blocking=True), Recorder(folder / "vendor")
    gateway = _Listing(recorder)
    with running(binary, folder) as server, MoodySiteverify() as vendor:
        captcha = TurnstileCaptcha(
            secret=SECRET, endpoint=vendor.endpoint, timeout=_TIMEOUT, lane=lane
        )

        def enough() -> bool:
            # A rule may refuse all that the outage let through; then no more of them ever come.
            through = bool(gateway.requests - vendor.passed)
            return vendor.covered() and (through or vendor.covered(times=20))

        _press(server, policy, scale, folder, enough, gateway=gateway, captcha=captcha)
        lane.close()
        recorder.close()
        history, findings = judge(server.target, policy, _files(folder))
    through = gateway.requests - vendor.passed
    findings.add("overshoot", len(through) - _OUTAGES, f"{len(through)} without a human")
    return report(name, history, findings)


def _policy(scale: Scale) -> Policy:
    return world(fuse=scale.fuse, zone=noon_zone())


def _files(folder: Path) -> list[Path]:
    return [folder / "callers", folder / "vendor", folder / "healthy"]


def _press(
    server: PrivateServer,
    policy: Policy,
    scale: Scale,
    folder: Path,
    enough: Callable[[], bool],
    *,
    gateway: Gateway | None = None,
    captcha: Captcha | None = None,
) -> None:
    """Press buttons in threads over these adapters, for as many decisions as a row has inside."""
    board = Board(folder / "board", 1)
    recorder = Recorder(folder / "callers", lambda *counts: board.note(0, *counts))
    connection = BlockingConnection(server.target)
    player = guard_player(connection, policy, recorder, gateway=gateway, captcha=captcha)
    threads = [
        threading.Thread(target=_lane, args=(player, board, number))
        for number in range(2 * scale.width)
    ]
    for thread in threads:
        thread.start()
    load = Load(folder, board, policy, ())
    load.wait(4 * scale.inside)
    while not enough():
        load.wait(1)
    board.end()
    for thread in threads:
        thread.join()
    run_blocking(connection.close())
    recorder.close()


def _lane(player: Player, board: Board, number: int) -> None:
    never = threading.Event()

    async def pause() -> None:
        never.wait(0.001)

    run_blocking(play(player, board, random.Random(number), _Manner(life=6), pause))
