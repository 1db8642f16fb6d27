"""Segments, as the vendor counts them."""

from __future__ import annotations

import pytest

from smsctl.core.policy import Purpose
from smsctl.core.segments import purpose_segments, segments


@pytest.mark.parametrize(
    ("length", "count"),
    [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4), (500, 8)],
)
def test_a_message_is_split_after_seventy_into_parts_of_sixty_seven(
    length: int, count: int
) -> None:
    """160 characters are three segments: the vendor's own example."""
    assert segments(length) == count


def test_signature_brackets_and_code_count() -> None:
    """【示例签名】 is six characters, and the placeholder as long as the code."""
    text = "您的验证码${code}" + "。" * 53
    assert (
        purpose_segments(Purpose(template="a", text=text), sign_name="示例签名", code_length=6) == 1
    )
    longer = Purpose(template="a", text=text + "。")
    assert purpose_segments(longer, sign_name="示例签名", code_length=6) == 2
    assert purpose_segments(longer, sign_name="示例签名", code_length=5) == 1
    assert purpose_segments(longer, sign_name="示例", code_length=6) == 1


def test_the_templates_own_variable_is_replaced() -> None:
    """It need not be called code."""
    purpose = Purpose(template="a", variable="number", text="${number}" + "字" * 60)
    assert purpose_segments(purpose, sign_name="示例", code_length=6) == 1


def test_an_unknown_text_has_no_segments() -> None:
    """None, rather than a guess."""
    assert purpose_segments(Purpose(template="a"), sign_name="示例", code_length=6) is None
