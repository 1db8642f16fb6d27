"""The one renderer: from a result or a failure to what stands on stdout and stderr."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from typing import TextIO

from smsctl.cli.frame.failures import Failure
from smsctl.cli.frame.result import Cell, Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.words import printable

_FIELD = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def show(run: Run, result: Result) -> int:
    """Write the result on stdout, in the form asked for; return its exit code. Raises OSError."""
    out = run.terminal.stdout
    if result.written:
        pass
    elif run.options.json:
        newer = {"newer": run.newer} if run.newer else {}
        out.write(document(out, result.schema, {**result.document, **newer}))
    elif result.text is not None:
        out.write(result.text)
    elif result.prose or out.isatty():
        for block in result.blocks:
            run.out.write(block.lines(run.out))
    elif result.columns:
        # Past the screen: data keeps every character, if need be as the stream's escape.
        out.writelines(f"{tsv(each)}\n" for each in (result.columns, *result.rows))
    out.flush()
    return result.exit_code


def tell(run: Run, failure: Failure, fault: BaseException | None = None) -> int:
    """Write the failure on stderr; return its exit code. Of a bug, `-v` shows the places."""
    if run.options.json:
        error = {"error": failure.error(run.words)}
        run.terminal.stderr.write(document(run.terminal.stderr, "error", error))
    else:
        _say(run, failure)
    if fault is not None and failure.code == "internal" and run.options.verbose:
        # Places alone: no locals, no source, no text of the exception: they may hold a code.
        places = traceback.extract_tb(fault.__traceback__)
        run.err.write(f"  {each.filename}:{each.lineno} in {each.name}" for each in places)
    run.terminal.stderr.flush()
    return failure.exit_code


def _say(run: Run, failure: Failure) -> None:
    screen = run.err
    error = screen.paint(screen.say("error: "), "bad")
    hint = screen.paint(screen.say("hint: "), "accent")
    lines = [f"{error}{screen.say(failure.message)}"]
    if failure.vendor_code:
        lines[0] += f" [{screen.literal(failure.vendor_code)}]"
    if failure.hint:
        lines.append(f"{hint}{screen.say(failure.hint)}")
    if len(failure.problems) > 1:
        for problem in failure.problems:
            place = f"{screen.literal(problem.path)}: " if problem.path else ""
            line = f"  {place}{screen.say(problem.message)}"
            lines.append(f"{line} ({screen.say(problem.hint)})" if problem.hint else line)
    screen.write(lines)


def document(stream: TextIO, schema: str, content: Mapping[str, object]) -> str:
    """Return one document on one line, with its end."""
    # JSON is UTF-8 whatever the terminal is: elsewhere every other character is escaped.
    ascii_only = (stream.encoding or "utf-8").lower() not in {"utf-8", "utf8"}
    named = {"schema": f"smsctl.{schema}/1", **content}
    return json.dumps(named, ensure_ascii=ascii_only, allow_nan=False) + "\n"


def tsv(fields: object) -> str:
    """Return one line of TSV, without its end."""
    cells: list[Cell] = list(fields)  # type: ignore[call-overload]
    return "\t".join(_field(each) for each in cells)


def _field(value: Cell) -> str:
    """Return a field on one line: tabs and line ends are written as in C."""
    return "" if value is None else printable(str(value).translate(_FIELD))
