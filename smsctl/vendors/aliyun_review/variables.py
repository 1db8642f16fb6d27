"""The template's variable: how it is written, and what was meant where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smsctl.core.phrase import phrase
from smsctl.vendors.aliyun_review.finding import Finding, Span, found

VARIABLE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]{0,31})\}")
"""A variable as the vendor reads it."""

_MEANT = re.compile(
    r"[$＄#]\s{0,3}[{｛][^{}｛｝]{0,40}[}｝]?"
    r"|[{｛]{1,2}[^{}｛｝]{0,40}[}｝]{1,2}"
    r"|##[A-Za-z]\w{0,31}##"
    r"|\$[A-Za-z][A-Za-z0-9_]{0,31}"
    r"|%[sd](?![A-Za-z])"
)
_ANY = re.compile(f"{VARIABLE.pattern}|{_MEANT.pattern}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
_CODE = re.compile(r"(?<![0-9A-Za-z.])[0-9]{4,6}(?![0-9A-Za-z.分秒小时天年])")
_STRAY = re.compile(r"[${}＄｛｝]")
_RESERVED = {"email", "mobile", "id", "nick", "site"}


def masked(text: str, sign: str) -> str:
    """Return the text with `sign` in place of each character of a variable, however written."""
    return _ANY.sub(lambda match: sign * len(match.group()), text)


def variables(text: str) -> Iterator[Finding]:
    """Yield what is wrong with the variables."""
    good, all_spans = found(VARIABLE, text), found(_ANY, text)
    bad = [span for span in all_spans if span not in good]
    if len(all_spans) != 1:
        yield _count(text, all_spans)
    if bad:
        yield Finding(
            id="template.variable-form",
            level="error",
            message=phrase(
                "a variable is written {form}, its name in letters, digits and _", form="${code}"
            ),
            spans=tuple(bad),
            rewrite=_ANY.sub(lambda match: _repaired(match.group()), text),
        )
    yield from _names(text)
    stray = found(_STRAY, masked(text, " "))
    if stray and not bad:
        yield Finding(
            id="template.variable-form",
            level="error",
            message=phrase("a sign of a variable stands alone: it would be read as one"),
            spans=stray,
        )


def _count(text: str, spans: tuple[Span, ...]) -> Finding:
    if spans:
        return Finding(
            id="template.variable-count",
            level="error",
            message=phrase(
                "has {count} variables: a code's template has exactly one, the code",
                count=len(spans),
            ),
            spans=spans,
        )
    written = found(_CODE, text)
    one = written[0] if len(written) == 1 else None
    return Finding(
        id="template.variable-count",
        level="error",
        message=phrase("has no variable: write {form} where the code stands", form="${code}"),
        spans=() if one is None else (one,),
        rewrite=None if one is None else f"{text[: one[0]]}${{code}}{text[one[1] :]}",
    )


def _names(text: str) -> Iterator[Finding]:
    for match in VARIABLE.finditer(text):
        name = match.group(1)
        if name.lower() in _RESERVED:
            yield Finding(
                id="template.variable-form",
                level="warn",
                message=phrase("{name} is a name that the vendor keeps for itself", name=name),
                spans=(match.span(1),),
                rewrite=f"{text[: match.start(1)]}code{text[match.end(1) :]}",
            )


def _repaired(written: str) -> str:
    if VARIABLE.fullmatch(written):
        return written
    name = _NAME.search(written.lstrip("%"))
    meant = name.group() if name and not written.startswith("%") else None
    return f"${{{meant or 'code'}}}"
