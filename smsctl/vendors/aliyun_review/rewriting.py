"""Rewrites that are kept only where they help, and all of them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from smsctl.vendors.aliyun_review.finding import Finding

Review = Callable[[str], Iterable[Finding]]
"""From a text to its findings; what they propose may be of no use."""


def helpful(text: str, review: Review) -> tuple[Finding, ...]:
    """Return the findings, errors first, with the rewrites alone that leave fewer of them."""
    findings = sorted(review(text), key=lambda each: (each.level == "warn", each.spans))
    return tuple(_checked(each, len(findings), review) for each in findings)


def rewritten(text: str, review: Review) -> str | None:
    """Return the text after all rewrites, or None where there is none.

    Each leaves fewer findings than there were, so it comes to an end.
    """
    changed = text
    while step := next(
        (each.rewrite for each in review(changed) if each.rewrite is not None), None
    ):
        changed = step
    return None if changed == text else changed


def _checked(finding: Finding, count: int, review: Review) -> Finding:
    rewrite = finding.rewrite
    if rewrite is None:
        return finding
    helps = bool(rewrite) and len(list(review(rewrite))) < count
    return finding if helps else replace(finding, rewrite=None)
