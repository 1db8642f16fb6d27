"""From a command line to an exit code: runs the program and catches everything that it raises."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from typer._click.exceptions import NoArgsIsHelpError

from smsctl.cli import exits
from smsctl.cli.frame.command import COMPLETING, Invocation, OnFailure
from smsctl.cli.frame.failures import Failure, failure
from smsctl.cli.frame.help import page
from smsctl.cli.frame.options import guessed
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.show import show, tell
from smsctl.cli.frame.terminal import Terminal
from smsctl.cli.program import program
from smsctl.core.phrase import phrase

_ENDING = (signal.SIGINT, signal.SIGTERM)


class Terminated(BaseException):
    """SIGTERM came: everything is closed on the way out."""


def enter(arguments: Sequence[str], terminal: Terminal) -> int:
    """Run one command line and return its exit code. Raises nothing."""
    invocation = Invocation(terminal)
    words = list(arguments)
    try:
        with contextlib.redirect_stdout(terminal.stdout), _closing(invocation):
            code = _write(invocation, words, *_outcome(invocation, words))
            terminal.stdout.flush()
            return code
    except Exception as fault:  # noqa: BLE001 - a bug of the frame is no traceback either
        return _lost(invocation, words, fault)
    except (KeyboardInterrupt, Terminated) as stopped:
        return exits.TERMINATED if isinstance(stopped, Terminated) else exits.INTERRUPTED


def _outcome(
    invocation: Invocation, arguments: list[str]
) -> tuple[Result | int | None, BaseException | None]:
    """Return what the command returned, or what it raised."""
    try:
        if COMPLETING in invocation.terminal.environ:
            from typer._completion_classes import completion_init  # noqa: PLC0415 - only for a shell's Tab

            completion_init()
        returned = program().main(
            arguments, prog_name="smsctl", standalone_mode=False, obj=invocation
        )
    except SystemExit as ended:
        if COMPLETING in invocation.terminal.environ:
            return int(ended.code or 0), None
        raise BrokenPipeError from None  # what Typer makes of one
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt, Terminated) as fault:  # noqa: BLE001 - never a traceback
        return None, fault
    if returned == exits.INTERRUPTED:  # as Typer tells it
        return None, KeyboardInterrupt()
    return returned, None


def _write(
    invocation: Invocation,
    arguments: list[str],
    returned: Result | int | None,
    fault: BaseException | None,
) -> int:
    run = _run_of(invocation, arguments)
    if isinstance(returned, Result):
        return show(run, returned)
    if invocation.helped:
        run.out.write(page(invocation.helped, run.out))
    if invocation.version:
        run.out.write([invocation.version])
    if fault is None:
        return returned or exits.DONE
    if isinstance(fault, NoArgsIsHelpError) and not run.options.json:
        run.err.write(page(fault.ctx, run.err))
        return exits.USAGE
    told = _failure(fault)
    shown = _instead(invocation, arguments, told)
    return show(run, shown) if shown else tell(run, told, fault)


def _failure(fault: BaseException) -> Failure:
    match fault:
        case Terminated():
            return Failure(
                code="terminated",
                message=phrase("ended by a signal"),
                exit_code=exits.TERMINATED,
            )
        case KeyboardInterrupt():
            return Failure(
                code="interrupted", message=phrase("interrupted"), exit_code=exits.INTERRUPTED
            )
        case _:
            return failure(fault)


def _run_of(invocation: Invocation, arguments: list[str]) -> Run:
    """Return the run, or one for the error of a line that could not be parsed."""
    if invocation.run is None:
        invocation.run = Run(invocation.terminal, guessed(arguments))
    return invocation.run


def _instead(invocation: Invocation, arguments: list[str], told: Failure) -> Result | None:
    """Return what the command shows in place of the failure, if it has something."""
    instead = invocation.on_failure or _on_failure_of(arguments)
    return instead(told, arguments) if instead else None


def _on_failure_of(arguments: Sequence[str]) -> OnFailure | None:
    """Return what the command that was named does in place of failing.

    By its name: of an option without its value, or one before the command, Click tells no command.
    """
    command: Any = program()
    for word in arguments:
        command = getattr(command, "commands", {}).get(word, command)
    found: OnFailure | None = getattr(command, "on_failure", None)
    return found


@contextlib.contextmanager
def _closing(invocation: Invocation) -> Iterator[None]:
    try:
        yield
    finally:
        if invocation.run:
            with _undisturbed():
                invocation.run.close()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Close to the end: a second ctrl-C in the middle would leave the demo's server behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _ENDING}
    try:
        yield
    finally:
        for number, act in before.items():
            signal.signal(number, act)


def _plug(stream: TextIO) -> None:
    """Send what is still buffered nowhere: the interpreter flushes once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _lost(invocation: Invocation, arguments: list[str], fault: Exception) -> int:
    """Tell on stderr why there is no whole output; return the code that the command has for it.

    What it would show in place of the failure has nowhere to go, but its code is still a promise.
    """
    terminal = invocation.terminal
    told = _unwritable(fault) if isinstance(fault, OSError) else failure(fault)
    if isinstance(fault, OSError):
        _plug(terminal.stdout)
    if isinstance(fault, BrokenPipeError):
        _plug(terminal.stderr)
    else:
        with contextlib.suppress(OSError):
            tell(_run_of(invocation, arguments), told, fault)
    shown = _instead(invocation, arguments, told)
    return shown.exit_code if shown else told.exit_code


def _unwritable(fault: OSError) -> Failure:
    unread = isinstance(fault, BrokenPipeError)
    return Failure(
        code="unwritable",
        message=phrase("cannot write the output: {reason}", reason=fault.strerror or "I/O error"),
        exit_code=exits.BROKEN_PIPE if unread else exits.INTERNAL,
    )
