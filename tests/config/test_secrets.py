"""No secret leaves: not by repr, nor by `config show`, nor by a problem, nor by an open file."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsctl.config import load
from smsctl.core.errors import ConfigError
from tests.config.conftest import Reads, Wrongs

SECRETS = ("LTAIkeyid00", "s3cr3t-of-key", "t5t1l3", "p4ssw0rd", "pr0xyp4ss", "0123456789abcdef")
FILE = """
gateway:
  access_key_id: LTAIkeyid00
  access_key_secret: s3cr3t-of-key
  proxy: http://user:pr0xyp4ss@proxy:3128
captcha: {secret: t5t1l3}
store: {url: 'redis://user:p4ssw0rd@host:6379/0'}
code: {secret: 0123456789abcdef}
test_numbers: [{phone: 13800138000, code: 248163, until: 2026-12-31}]
"""


def test_no_secret_is_in_a_repr(read: Reads) -> None:
    """Neither of the whole nor of its parts: reprs end in logs."""
    config = read(FILE)
    shown = repr((config, config.gateway, config.captcha, config.store, config.code))
    for secret in (*SECRETS, "248163", "13800138000"):
        assert secret not in shown


def test_what_is_shown_is_masked(read: Reads) -> None:
    """Whether there is a secret, and not a character of it."""
    config = read(FILE)
    shown = {each.path: each.text for each in config.settings}
    assert shown["gateway.access_key_id"] == "********"
    assert shown["gateway.access_key_secret"] == "********"
    assert shown["gateway.proxy"] == "http://user:********@proxy:3128"
    assert shown["captcha.secret"] == "********"
    assert shown["store.url"] == "redis://user:********@host:6379/0"
    assert shown["code.secret"] == "********"
    assert shown["test_numbers[0].phone"] == "********"
    assert shown["test_numbers[0].code"] == "********"
    assert shown["test_numbers[0].until"] == "2026-12-31"
    for secret in (*SECRETS, "248163", "13800138000"):
        assert secret not in repr(config.settings)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:a@b@host", "redis://:********@host"),
        ("redis://user@host", "redis://user@host"),
        ("redis+sentinel://:pw@a:1,b:2/m", "redis+sentinel://:********@a:1,b:2/m"),
        ("unix://u:pw@/run/x", "unix://u:********@/run/x"),
        ("redis://host:6379/0", "redis://host:6379/0"),
    ],
)
def test_a_password_in_an_address_is_masked(read: Reads, url: str, shown: str) -> None:
    """Wherever it stands."""
    config = read(f"store: {{url: '{url}'}}\ncode: {{secret: 0123456789abcdef}}")
    assert {each.path: each.text for each in config.settings}["store.url"] == shown


def _open_file(folder: Path, text: str, mode: int = 0o644) -> Path:
    file = folder / "open.yaml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_literal_secret_in_a_file_that_others_can_read_is_an_error(
    tmp_path: Path, mode: int
) -> None:
    """Each secret is named; what is masked without being a secret is not."""
    with pytest.raises(ConfigError) as caught:
        load(_open_file(tmp_path, FILE, mode), environ={})
    assert [each.path for each in caught.value.problems] == [
        "gateway.access_key_secret",
        "gateway.proxy",
        "captcha.secret",
        "store.url",
        "code.secret",
        "test_numbers[0].code",
    ]
    problem = caught.value.problems[0]
    assert str(problem.message) == "is a secret in a file that others can read"
    assert str(problem.hint).startswith(f"chmod 600 {tmp_path}/open.yaml, or write ${{NAME}}")


def test_an_open_file_without_secrets_is_fine(tmp_path: Path) -> None:
    """References to the environment are what an open file is for."""
    text = (
        "gateway: {access_key_id: LTAI, access_key_secret: '${KEY}'}\n"
        "store: {url: 'redis://user:${PW}@host'}\ncode: {secret: '${SECRET:-}'}\n"
    )
    environ = {"KEY": "k", "PW": "p", "SECRET": "s" * 16}
    assert load(_open_file(tmp_path, text), environ=environ).gateway.access_key_secret == "k"


def test_a_secret_as_a_default_of_a_reference_is_literal(tmp_path: Path) -> None:
    """It stands in the file all the same, even while the environment overrules it."""
    file = _open_file(tmp_path, "captcha: {secret: '${T:-fallback}'}")
    for environ in ({"T": "x"}, {"SMSCTL_CAPTCHA__SECRET": "x"}):
        with pytest.raises(ConfigError, match=r"captcha\.secret: is a secret in a file"):
            load(file, environ=environ)


def test_a_file_of_its_owner_may_hold_secrets(read: Reads) -> None:
    """Mode 0600 is what the hint asks for."""
    assert read(FILE).code.secret == "0123456789abcdef"


def test_no_problem_repeats_a_value(wrong: Wrongs) -> None:
    """A secret may have been written under the wrong key."""
    for key in ("provider", "endpoint", "proxy", "price", "timeout"):
        assert "s3cr3t" not in repr(wrong(f"gateway: {{{key}: 's3cr3t of key'}}"))
    for key in ("url", "prefix", "timeout", "durability"):
        assert "s3cr3t" not in repr(wrong(f"store: {{{key}: 's3cr3t of key'}}"))
