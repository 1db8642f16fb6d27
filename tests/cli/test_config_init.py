"""`config init`: what it asks, what it takes as options, and the file that comes of it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from smsctl.config import load
from tests.cli.desk import Desk

ANSWERS = """测试
示例签名
1
SMS_20261234
pay SMS_20265678
pay=SMS_20265678
hcaptcha
turnstile

redis://app:open-sesame@localhost/0
redis://app:${WORD}@localhost/0
"""


def test_init_asks_until_the_answers_can_be_right(desk: Desk, tmp_path: Path) -> None:
    """What the vendor would reject, and a password, are asked for again; then the file is right."""
    path = tmp_path / "new.yaml"
    told = desk("config", "init", str(path), answer=ANSWERS)
    assert told.code == 0
    config = load(
        path,
        environ={
            "WORD": "w",
            "TURNSTILE_SECRET": "s",
            "SMSCTL_SECRET": "s" * 16,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "k",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "k",
        },
    )
    assert (config.gateway.provider, config.gateway.sign_name) == ("aliyun", "示例签名")
    assert {name: each.template for name, each in config.purposes.items()} == {
        "login": "SMS_20261234",
        "pay": "SMS_20265678",
    }
    assert (config.captcha.provider, config.store.url) == ("turnstile", "redis://app:w@localhost/0")
    assert "sesame" not in path.read_text("utf-8")


@pytest.mark.parametrize("sign", ["yes", "123456", "null", "签名2026"])
def test_init_takes_options_and_asks_nothing(desk: Desk, tmp_path: Path, sign: str) -> None:
    """What YAML would read as something else stays a text; the first purpose is the default."""
    path = tmp_path / "new.yaml"
    words = [
        "--sign-name",
        sign,
        "--purpose",
        "pay=SMS_1",
        "--captcha",
        "aliyun",
        "--scene-id",
        "1",
    ]
    told = desk("config", "init", str(path), *words, "--json")
    if sign == "123456":  # the vendor takes no signature of digits alone
        assert (told.code, path.exists()) == (2, False)
        return
    assert (told.code, told.document["ok"]) == (0, False)
    assert [item["check"] for item in told.document["items"]] == [
        "gateway.access_key_id",
        "gateway.access_key_secret",
    ]
    keys = {f"ALIBABA_CLOUD_ACCESS_KEY_{each}": "k" for each in ("ID", "SECRET")}
    config = load(path, environ=keys)
    assert (config.gateway.sign_name, config.default_purpose) == (sign, "pay")
    assert (config.captcha.provider, config.captcha.scene_id) == ("aliyun", "1")


def test_an_interrupted_interview_writes_nothing(tmp_path: Path) -> None:
    """Ctrl-C at a question, at a real terminal, ends with 130."""
    path = tmp_path / "new.yaml"
    command = [sys.executable, "-m", "smsctl", "config", "init", str(path)]
    leader, follower = pty.openpty()
    with subprocess.Popen(
        # Whoever begins a session and opens a terminal is under its control: Ctrl-C reaches it.
        ["sh", "-c", 'exec "$0" "$@" <"$TERMINAL" >"$TERMINAL" 2>&1', *command],
        env={
            "HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERMINAL": os.ttyname(follower),
        },
        start_new_session=True,
    ) as asking:
        shown = b""
        while b"signature" not in shown:
            shown += os.read(leader, 4096)
        os.write(leader, "示例签名\n".encode())
        while b"template" not in shown:
            shown += os.read(leader, 4096)
        os.write(leader, b"\x03")
        assert asking.wait(20) == 130
    os.close(leader)
    os.close(follower)
    assert not path.exists()
