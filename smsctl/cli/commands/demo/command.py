"""`smsctl demo`: the whole main job, on a store that is thrown away.

The operator's configuration and environment have no part in it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from smsctl.cli import exits
from smsctl.cli.commands.demo.walk import Step, spent, walk
from smsctl.cli.commands.fuses import fuses
from smsctl.cli.commands.send.outcomes import one
from smsctl.cli.commands.usage.documents import usage_document
from smsctl.cli.commands.verify import told
from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.core.admin import Selection
from smsctl.core.errors import SmsctlError
from smsctl.core.guard import Guard

if TYPE_CHECKING:
    from smsctl.wiring.parts import Parts

_PHONE = "13800138000"
_SEND = f"smsctl send {_PHONE} --ip 203.0.113.7"
_CONFIG = """\
gateway: {provider: console}
store: {url: embedded}
"""
_KEPT = ("PATH", "SMSCTL_SERVER")  # where the server program is found


@command(
    needs="nothing",
    without_config="try-out",
)
def demo(run: Run) -> Result:
    """Return the steps; the exit code is 0 where each came out as it must."""
    steps = list(_steps(_throw_away_parts(run)))
    expected = all(step.as_expected for step in steps)
    return Result(
        schema="demo",
        document={"ok": expected, "steps": [step.document() for step in steps]},
        blocks=list(walk(steps, expected=expected)),
        prose=True,
        exit_code=exits.DONE if expected else exits.INTERNAL,
    )


def _steps(parts: Parts) -> Iterator[Step]:

    guard = Guard(parts.flow, close=parts.close)
    sent = one(guard.send(_PHONE, ip="203.0.113.7"))
    yield Step("send", "A visitor asks for a code", _SEND, sent, sent.exit_code == exits.DONE)

    code = _code(sent)
    typed = f"smsctl verify {_PHONE} {code}"
    right = told(guard.verify(_PHONE, code))
    yield Step("verify", "The visitor types it in", typed, right, right.exit_code == exits.DONE)
    second = told(guard.verify(_PHONE, code))
    yield Step(
        "reuse",
        "The same code does not pass twice",
        typed,
        second,
        second.document.get("reason") == "missing",
    )

    again = one(guard.send(_PHONE, ip="203.0.113.7"))
    yield Step(
        "resend",
        "The next code has to wait",
        _SEND,
        again,
        again.document.get("rule") == "phone-minute",
    )

    usage, counted = _usage(parts)
    yield Step(
        "usage", "What the day has used of the fuse", "smsctl usage --days 1", usage, counted
    )


def _usage(parts: Parts) -> tuple[Result, bool]:
    """Return the last step, and whether the fuse and the day counted the one message."""
    from smsctl.core.blocking import run_blocking  # noqa: PLC0415 - with the parts
    from smsctl.wiring.promises import promised, sentences  # noqa: PLC0415

    days = run_blocking(parts.admin.usage(1))
    standing = run_blocking(parts.admin.show(Selection(all=True)))
    found = fuses(parts.policy, standing, now=time.time())
    worst = promised(parts.config)
    told = sentences(worst)
    shown = spent(
        days[-1],
        found,
        [told["messages"], told["cost"]],
        usage_document(parts.policy.timezone.key, found, days, worst),
    )
    return shown, [fuse.used for fuse in found] == [1] and days[-1].outcomes.get("verified") == 1


def _code(sent: Result) -> str:
    """Return the code as the console gateway's message shows it."""
    found = re.search(r"[0-9]{4,6}", str(sent.document.get("message")))
    return found[0] if found else ""


def _throw_away_parts(run: Run) -> Parts:
    """Return parts on a store of their own; both are gone when the run ends, however it ends."""
    # redis-py and YAML: 85 ms.
    from smsctl.config import load  # noqa: PLC0415
    from smsctl.core.blocking import run_blocking  # noqa: PLC0415
    from smsctl.wiring.parts import assemble, embedded_server  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="smsctl-demo-"))
    run.afterwards(lambda: shutil.rmtree(folder, ignore_errors=True))
    file = folder / "config.yaml"
    file.write_text(_CONFIG, encoding="utf-8")
    environ = {name: run.environ[name] for name in _KEPT if name in run.environ}
    environ |= {"HOME": str(folder), "SMSCTL_STATE_DIR": str(folder)}
    config = load(file, environ=environ)
    server = embedded_server(config, environ)

    def stop() -> None:
        with contextlib.suppress(SmsctlError):
            server.stop()

    run.afterwards(stop)
    parts = assemble(config, environ=environ, blocking=True)
    run.afterwards(lambda: run_blocking(parts.close()))
    return parts
