"""Command lines that are killed: what they left is counted, and the same id is never sent again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from smsctl.core.policy import Policy
from tests.fakes.aliyun import (
    ACCESS_KEY_ID,
    ACCESS_KEY_SECRET,
    Code,
    FakeAliyun,
    Submitted,
    envelope,
)
from tests.fakes.vendor import Answer, Fault
from tests.faults.history import Outcome, Recorder
from tests.faults.load import Crew
from tests.faults.players import address_name_of, address_of, as_typed, name_of
from tests.faults.trial import Report, Scale, judge, report
from tests.faults.world import PAY, noon_zone, world
from tests.guards import SECRET
from tests.servers import running

_OUTCOMES: dict[int, Outcome] = {
    0: "sent", 4: "refused", 5: "refused", 69: "unavailable", 75: "unknown", 76: "returned"
}  # fmt: skip


Kill = Callable[[subprocess.Popen[bytes]], None]


class WaitedFor(FakeAliyun):
    """Takes every message; says when it has one, and may keep its answer back."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.has: dict[str, threading.Event] = {}
        """By request id: the message has come, and its answer is kept back."""
        self._recorder = recorder

    def decide(self, submitted: Submitted) -> Answer | tuple[Fault, Answer]:
        self._recorder.taken(submitted.out_id)
        answer = envelope(Code("OK"))
        if (waited := self.has.get(submitted.out_id)) is not None:
            waited.set()
            return self.fail("hang", answer)
        return answer


@dataclass
class Desk:
    """Starts command lines and writes down what they asked and were told."""

    environ: dict[str, str]
    recorder: Recorder

    def send(
        self, phone: int, request: str, kill: Callable[[subprocess.Popen[bytes]], None]
    ) -> int:
        """Run one `smsctl send` that `kill` may end; return its exit code."""
        number = self.recorder.call("send", name_of(phone), address_name_of(phone), PAY, request)
        words = ["send", as_typed(phone), "--ip", address_of(phone), "--purpose", PAY]
        with subprocess.Popen(
            [sys.executable, "-m", "smsctl", *words, "--request-id", request, "--json"],
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as line:
            kill(line)
        code = line.returncode
        if code != -signal.SIGKILL:
            self.recorder.answer(number, _OUTCOMES.get(code, "unforeseen"), f"exit {code}")
        return code


def killed_lines(name: str, scale: Scale, _: Crew, binary: Path, folder: Path) -> Report:
    """Kill command lines at moments spread over their life, and while the gateway has the message.

    Each is run again with the same request id: it is told what became of the first, or sent.
    """
    policy, recorder = world(fuse=scale.fuse, zone=noon_zone()), Recorder(folder / "callers")
    with running(binary, folder) as server, WaitedFor(recorder) as vendor:
        environ = {
            "PATH": os.environ["PATH"],
            "SMSCTL_CONFIG": str(_config(folder, policy)),
            "SMSCTL_STORE__URL": server.url,
            "SMSCTL_GATEWAY__ENDPOINT": vendor.url,
        }
        desk = Desk(environ, recorder)

        def at_the_gateway(phone: int) -> None:
            request = f"gateway-{phone}"
            vendor.has[request] = threading.Event()

            def kill(line: subprocess.Popen[bytes]) -> None:
                assert vendor.has[request].wait(30), "the message never came"
                line.kill()

            assert desk.send(phone, request, kill) == -signal.SIGKILL
            del vendor.has[request]
            # The first took its quota and its id, and nobody knows what came of it.
            assert _OUTCOMES[desk.send(phone, request, _let_be)] == "unknown"

        def after(phone: int, seconds: float) -> None:
            def kill(line: subprocess.Popen[bytes]) -> None:
                try:
                    line.wait(seconds)
                except subprocess.TimeoutExpired:
                    line.kill()

            desk.send(phone, f"timed-{phone}", kill)
            desk.send(phone, f"timed-{phone}", _let_be)

        with ThreadPoolExecutor(2) as hands:
            list(hands.map(at_the_gateway, range(scale.faults)))
            if scale.faults > 1:
                began = time.monotonic()
                desk.send(99, "whole", _let_be)
                life, lines = time.monotonic() - began, 5 * scale.faults
                moments = [life * (number + 1) / lines for number in range(lines)]
                list(hands.map(after, range(100, 100 + lines), moments))
        recorder.close()
        history, findings = judge(server.target, policy, [folder / "callers", folder / "healthy"])
    return report(name, history, findings)


def _let_be(_: subprocess.Popen[bytes]) -> None:
    """Kill nobody."""


def _config(folder: Path, policy: Policy) -> Path:
    limits = [
        {
            "name": rule.name,
            "per": rule.per,
            "max": rule.max,
            "window": rule.window.text,
            **({"only": {"purpose": rule.only_purpose}} if rule.only_purpose else {}),
        }
        for rule in policy.rules
    ]
    code = policy.code
    written = {
        "gateway": {
            "provider": "aliyun",
            "access_key_id": ACCESS_KEY_ID,
            "access_key_secret": ACCESS_KEY_SECRET,
        },
        "purposes": {name: {"template": each.template} for name, each in policy.purposes.items()},
        "code": {
            "tries": code.tries,
            "wrong": {"max": code.wrong_max, "window": "24h"},
            "secret": SECRET.decode(),
        },
        "limits": limits,
        "timezone": policy.timezone.key,
    }
    file = folder / "config.yaml"
    file.touch(mode=0o600)
    file.write_text(json.dumps(written), "utf-8")  # JSON is YAML
    return file
