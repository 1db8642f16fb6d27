"""`smsctl config init`: a first configuration file that is right, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from smsctl.cli.commands.config import answers
from smsctl.cli.commands.config.interview import interview
from smsctl.cli.commands.config.screens import check_blocks, item_documents
from smsctl.cli.commands.config.starter import refuse_folder, starter_path, write_starter
from smsctl.cli.commands.confirm import confirm
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Block, Line, Result
from smsctl.cli.frame.run import Run
from smsctl.config.starter import Starter, starter
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.wiring.check.item import Item


@command(
    needs="nothing",
    without_config="try-out",
    examples=[
        "smsctl config init",
        "smsctl config init --sign-name 示例签名 --purpose login=SMS_20261234",
        "smsctl config init ./smsctl.yaml --store redis://localhost:6379/0",
    ],
)
def init(
    run: Run,
    *,
    path: Annotated[
        str | None,
        typer.Argument(metavar="PATH", help="Where; by default where it is looked for first."),
    ] = None,
    provider: Annotated[
        Literal["console", "aliyun"] | None,
        typer.Option("--provider", help="The gateway; aliyun where a signature is given."),
    ] = None,
    sign_name: Annotated[
        str | None,
        typer.Option("--sign-name", metavar="NAME", help="The approved signature."),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="CODE", help="The approved template of login."),
    ] = None,
    purpose: Annotated[
        list[str] | None,
        typer.Option(
            "--purpose", metavar="NAME=TEMPLATE", help="A purpose and its template; repeatable."
        ),
    ] = None,
    captcha: Annotated[
        Literal["none", "turnstile", "aliyun"] | None,
        typer.Option("--captcha", help="The human check: none, turnstile or aliyun."),
    ] = None,
    hostname: Annotated[
        str | None,
        typer.Option("--hostname", metavar="HOST", help="turnstile: the host name of your pages."),
    ] = None,
    scene_id: Annotated[
        str | None, typer.Option("--scene-id", metavar="ID", help="aliyun captcha: the scene.")
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="embedded, redis://… and its like.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file that is there.")] = False,
) -> Result:
    """Write the file, once somebody said yes where there is one already.

    Asks at a terminal where no option says what to write. Exits with 0 also where the check finds
    that something is missing: the file is written.
    """
    given = _given(
        Starter(
            provider=provider or "",
            sign_name=answers.sign_name(sign_name or ""),
            purposes=answers.purposes(
                [*([f"login={template}"] if template else []), *(purpose or [])]
            ),
            captcha=captcha or "",
            hostname=answers.hostname(hostname or ""),
            scene_id=answers.scene_id(scene_id or ""),
            store=answers.store_url(store or ""),
        )
    )
    named = path or run.options.config
    place = starter_path(Path(named) if named else None, run.environ)
    refuse_folder(place)
    command_line = ["config", "init", *([path] if path else []), *_words(given), "--force"]
    there = place.exists() or place.is_symlink()
    if there and not force:
        _confirm(run, place, command_line)
    text = starter(interview(run, given))
    if not write_starter(place, text, replace=there):
        _confirm(run, place, command_line)  # somebody else wrote one meanwhile
        there = write_starter(place, text, replace=True)
    items = _checked(run, place)
    return Result(
        schema="init",
        document={
            "path": str(place),
            "replaced": there,
            "ok": all(item.level != "error" for item in items),
            "items": item_documents(items, run.words.say),
        },
        columns=("path", "replaced"),
        rows=[(str(place), str(there).lower())],
        blocks=[*_blocks(place, items)],
    )


def _given(given: Starter) -> Starter:
    """Return the answers that came as options. Raises UsageError where two do not fit."""
    for option, value, captcha in (
        ("--hostname", given.hostname, "turnstile"),
        ("--scene-id", given.scene_id, "aliyun"),
    ):
        if value and given.captcha != captcha:
            raise UsageError(
                phrase("{option} is for --captcha {captcha}", option=option, captcha=captcha)
            )
    return given


def _confirm(run: Run, place: Path, command_line: Sequence[str]) -> None:
    question = phrase("{path} exists. Replace it?", path=place)
    confirm(run, question, shown=[], command=command_line)


def _checked(run: Run, place: Path) -> Sequence[Item]:
    from smsctl.config import load  # noqa: PLC0415 - 25 ms
    from smsctl.wiring.check import check  # noqa: PLC0415 - redis-py: 75 ms

    return check(lambda: load(place, environ=run.environ, needs="nothing"), environ=run.environ)


def _blocks(place: Path, items: Sequence[Item]) -> Iterator[Block]:
    yield Line(phrase("Written: {path}", path=place), mark="ok")
    yield from check_blocks(items)


def _words(given: Starter) -> Iterator[str]:
    """Yield the options that say this again."""
    for option, value in (
        ("--provider", given.provider),
        ("--sign-name", given.sign_name),
        *(("--purpose", f"{name}={code}") for name, code in given.purposes.items()),
        ("--captcha", given.captcha),
        ("--hostname", given.hostname),
        ("--scene-id", given.scene_id),
        ("--store", given.store),
    ):
        if value:
            yield from (option, value)
