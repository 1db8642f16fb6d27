"""The console gateway: the text comes back, and nothing is printed."""

from __future__ import annotations

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.vendors.console import ConsoleGateway
from tests.vendors.samples import CODE, PURPOSES, message


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        ("login", f"【示例签名】您的验证码是{CODE}，请勿告诉他人。"),
        ("pay", f"【示例签名】付款码{CODE}，5分钟有效。"),
    ],
)
def test_the_text_that_would_be_sent_comes_back(
    purpose: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The purpose's words with the code in them, or a sentence of ours where they are unknown."""
    gateway = ConsoleGateway(sign_name="示例签名", purposes=PURPOSES)
    answer = run_blocking(gateway.submit(message(purpose=purpose)))
    assert answer.text == text
    assert (answer.message_id, answer.vendor_request_id) == ("console-request-1", None)
    assert CODE not in repr(answer)
    assert capsys.readouterr() == ("", "")
