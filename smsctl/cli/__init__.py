"""What the operator sees: commands, screens, exit codes."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from types import FrameType


def main(arguments: Sequence[str] | None = None) -> int:
    """Run this process's command line and return its exit code."""
    gc.disable()  # one short run: collecting during the imports costs 17 ms
    try:
        # Inside, so that ctrl-C during the imports is no traceback either.
        from smsctl.cli.entry import Terminated, enter  # noqa: PLC0415
        from smsctl.cli.frame.terminal import Terminal  # noqa: PLC0415

        def end(_signal: int, _frame: FrameType | None) -> None:
            raise Terminated

        def unheard(lost: sys.UnraisableHookArgs) -> None:
            # A signal that came while the import system tidied up: no traceback for that.
            if not issubclass(lost.exc_type, Terminated | KeyboardInterrupt):
                sys.__unraisablehook__(lost)

        signal.signal(signal.SIGTERM, end)
        sys.unraisablehook = unheard
        return enter(sys.argv[1:] if arguments is None else arguments, Terminal.real())
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()  # and once more at the end, 30 ms
