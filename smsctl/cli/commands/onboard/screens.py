"""What `onboard` looks like: a checklist, and the next thing to do."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from smsctl.cli.frame.folded import Folded
from smsctl.cli.frame.result import Block, Cell, Line, Literally, Mark
from smsctl.cli.frame.words import Words
from smsctl.core.phrase import Phrase, phrase

if TYPE_CHECKING:
    from smsctl.wiring.onboard import Step  # behind it, redis-py: 75 ms

COLUMNS = ("step", "state", "since", "message", "command", "page")

TITLES: Mapping[str, Phrase] = {
    "qualification": phrase("Qualification"),
    "signature": phrase("Signature"),
    "template": phrase("Template"),
    "credentials": phrase("Credentials"),
    "captcha": phrase("Captcha"),
    "test-send": phrase("First test send"),
    "limits": phrase("Limits"),
}
_STATES: Mapping[str, Phrase] = {
    "done": phrase("done"),
    "waiting": phrase("waiting for the vendor"),
    "todo": phrase("to do"),
    "blocked": phrase("blocked"),
    "unknown": phrase("not known"),
}
_MARKS: Mapping[str, Mark] = {"done": "ok", "waiting": "warn", "blocked": "bad", "unknown": "warn"}
_INDENT = 5


def titles(names: Container[str]) -> Phrase:
    """Return the titles of these steps, in their order."""
    found = [title for name, title in TITLES.items() if name in names]
    return reduce(lambda first, rest: phrase("{first}, {rest}", first=first, rest=rest), found)


def step_document(step: Step, words: Words) -> Mapping[str, object]:
    """Return the step as the document tells it."""
    return {
        "step": step.name,
        "state": step.state,
        "since": step.since.isoformat() if step.since else None,
        "message": words.say(step.message),
        "next": {"command": step.command, "page": step.page},
    }


def step_row(step: Step, words: Words) -> Sequence[Cell]:
    """Return the step as a line of TSV."""
    since = step.since.isoformat() if step.since else None
    return (step.name, step.state, since, words.say(step.message), step.command, step.page)


def step_blocks(number: int, step: Step) -> Iterator[Block]:
    """Yield one step: what it is, how it stands, and what to type or where to go."""
    told = phrase(
        "{number}  {title} ({state}): {message}",
        number=number,
        title=TITLES[step.name],
        state=_STATES[step.state],
        message=step.message,
    )
    mark = _MARKS.get(step.state, "none")
    yield Folded(told, mark=mark, indent=0 if mark != "none" else 2)
    if step.state == "done":
        return
    for text in (step.command, step.page):
        if text:
            yield Literally(text, tone="accent", indent=_INDENT)


def onboard_blocks(steps: Sequence[Step]) -> Iterator[Block]:
    """Yield the whole list and what comes next."""
    for number, step in enumerate(steps, start=1):
        yield from step_blocks(number, step)
    yield Line("")
    yield _total(steps)


def _total(steps: Sequence[Step]) -> Block:
    done = sum(step.state == "done" for step in steps)
    if done == len(steps):
        return Line("everything is done: users may press the button", mark="ok")
    first = next((each for each in steps if each.state not in {"done", "waiting"}), None)
    if first is None:
        return Line(
            phrase("{done} of {all} done; the rest waits for the vendor", done=done, all=len(steps))
        )
    return Line(
        phrase(
            "{done} of {all} done; next: {title}",
            done=done,
            all=len(steps),
            title=TITLES[first.name],
        ),
        tone="strong",
    )
