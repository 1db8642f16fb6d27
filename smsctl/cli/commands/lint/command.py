"""`lint template` and `lint sign`: the vendor's review rules, before a rejection costs a day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smsctl.cli import exits
from smsctl.cli.commands.lint.documents import COLUMNS, Linted, document, rows
from smsctl.cli.commands.lint.screens import lint_blocks
from smsctl.cli.frame.command import command
from smsctl.cli.frame.failures import UsageError
from smsctl.cli.frame.result import Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.texts import check_text
from smsctl.core.errors import ConfigError
from smsctl.core.phrase import phrase
from smsctl.core.segments import segments
from smsctl.vendors.aliyun_review import (
    Expected,
    composed,
    review_sign,
    review_template,
    rewritten,
)

if TYPE_CHECKING:
    from smsctl.config import Config

_LONGEST = 65536  # bytes of a file, characters of stdin: a template has 500


@command(
    needs="texts",
    without_config="try-out",
    examples=[
        "smsctl lint template '您的登录验证码是${code}，5分钟内有效。' --sign 示例签名",
        "smsctl lint template --file template.txt --json",
        "smsctl lint template",
    ],
)
def template(
    run: Run,
    *,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT", help="The template; - reads stdin. Default: every purpose's text."
        ),
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="PATH", help="A file with one template.")
    ] = None,
    sign: Annotated[
        str | None,
        typer.Option("--sign", metavar="NAME", help="The signature in front; gateway.sign_name."),
    ] = None,
) -> Result:
    """Return what a reviewer would object to, in the one text or in all that are configured."""
    if text is not None and file is not None:
        raise UsageError("give the template or --file, not both")
    given = _file(file) if file is not None else _text(run, text, "TEXT")
    config = run.config()
    before = _configured_sign(config) if sign is None else sign
    if given is not None:
        return _result(run, [_template(config, given, before)], many=False)
    found = [
        _template(config, purpose.text, before, purpose=name)
        for name, purpose in config.purposes.items()
        if purpose.text
    ]
    if not found:
        raise UsageError(
            "no purpose has a text to judge",
            hint=phrase("give the template, or write it under purposes as text"),
        )
    return _result(run, found, many=True)


@command(
    needs="texts",
    without_config="try-out",
    examples=["smsctl lint sign 示例签名", "smsctl lint sign --json"],
)
def sign(
    run: Run,
    *,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="The signature; - reads stdin. Default: the one set."),
    ] = None,
) -> Result:
    """Return what a reviewer would object to in the signature."""
    given = _text(run, name, "NAME")
    config = run.config()
    if given is None and not config.configured:
        raise UsageError(
            "there is no configuration with a signature to judge",
            hint=phrase("give the signature"),
        )
    return _result(run, [_sign(config, given or _configured_sign(config))], many=False)


def _configured_sign(config: Config) -> str:
    """Return the signature that is set. Raises ConfigError where it is not known."""
    if missing := config.wrong("gateway.sign_name"):
        raise ConfigError(*missing)
    return config.gateway.sign_name


def _template(config: Config, text: str, sign: str, *, purpose: str | None = None) -> Linted:
    """Judge one template; what the defaults say is compared with nothing."""
    there = config.configured
    expected = Expected(
        ttl=config.code.ttl if there else None,
        length=config.code.length if there else None,
    )
    message = composed(text, sign=sign, code_length=config.code.length)
    count = segments(len(message))
    return Linted(
        kind="template",
        purpose=purpose,
        text=text,
        findings=review_template(text, expected),
        rewrite=rewritten(text, lambda changed: review_template(changed, expected)),
        message=message,
        segments=count,
        price=config.gateway.price * count,
    )


def _sign(config: Config, name: str) -> Linted:
    """Judge a signature, and show it before the default purpose's text if that is known."""
    text = config.purposes[config.default_purpose].text
    message = composed(text, sign=name, code_length=config.code.length) if text else None
    count = None if message is None else segments(len(message))
    return Linted(
        kind="sign",
        purpose=None,
        text=name,
        findings=review_sign(name),
        rewrite=rewritten(name, review_sign),
        message=message,
        segments=count,
        price=None if count is None else config.gateway.price * count,
    )


def _result(run: Run, found: Sequence[Linted], *, many: bool) -> Result:
    say = run.words.say
    documents = [document(each, say) for each in found]
    ok = all(each.ok for each in found)
    return Result(
        schema="lints" if many else "lint",
        document={"ok": ok, "results": documents} if many else documents[0],
        columns=COLUMNS,
        rows=[row for each in found for row in rows(each, say)],
        blocks=[*lint_blocks(found)],
        exit_code=exits.DONE if ok else exits.FOUND_WRONG,
    )


def _text(run: Run, given: str | None, name: str) -> str | None:
    """Return what was given, or for `-` all of stdin without its last line end."""
    if given != "-":
        return given
    return check_text(_unended(run.terminal.stdin.read(_LONGEST)), name)


def _file(path: str) -> str:
    try:
        with Path(path).open("rb") as opened:
            read = opened.read(_LONGEST)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "I/O error"
        raise UsageError(
            phrase("{path} cannot be read: {reason}", path=path, reason=reason)
        ) from None
    try:
        text = read.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            phrase("{path} is not UTF-8", path=path), hint=phrase("save it as UTF-8")
        ) from None
    return check_text(_unended(text), "--file")


def _unended(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")
