"""Alibaba Cloud's review rules for templates and signatures, as far as a text alone can tell.

Pure: a text in, findings out. Nothing is asked, and a text without findings may still be refused:
reviewers read what no rule says.
"""

from __future__ import annotations

from smsctl.vendors.aliyun_review.finding import SOURCES, Finding, Level, Span
from smsctl.vendors.aliyun_review.message import composed
from smsctl.vendors.aliyun_review.rewriting import rewritten
from smsctl.vendors.aliyun_review.sign import review_sign
from smsctl.vendors.aliyun_review.template import Expected, review_template

__all__ = [
    "SOURCES",
    "Expected",
    "Finding",
    "Level",
    "Span",
    "composed",
    "review_sign",
    "review_template",
    "rewritten",
]
