"""`config init`: what it asks, what it takes as options, and the file that comes of it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
import yaml

from smsctl.config import example, load
from smsctl.config.starter import Starter, starter
from tests.cli.desk import Desk
from tests.cli.typist import at_a_terminal

SECRETS = (
    "WORD",
    "TURNSTILE_SECRET",
    "SMSCTL_SECRET",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
)

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


@pytest.mark.parametrize(
    "url",
    [
        *("redis://app:sesame@h", "redis://:sesame@h:1/0", "unix://u:sesame@/run/redis.sock"),
        *("redis://app:se#same@h", "redis://app:se/same@h", "redis://app:se?same@h"),
        *("redis://app:${WORD:-sesame}@h", "redis://app:${WORD}sesame@h"),
        *("redis+sentinel://app:sesame@h1,h2/service", "rediss+cluster://app:sesame@h1,h2"),
        *("redis://h/0?password=sesame", "unix:///run/redis.sock?password=sesame"),
        "${STORE:-redis://app:sesame@h}",
    ],
)
def test_no_password_gets_into_the_file(desk: Desk, tmp_path: Path, url: str) -> None:
    """However it is written; and it is not shown either."""
    path = tmp_path / "new.yaml"
    told = desk("config", "init", str(path), "--store", url)
    assert (told.code, path.exists()) == (2, False)
    assert "same" not in told.out + told.err


@pytest.mark.parametrize(
    "url",
    [
        *("redis://[", "redis://h:99999/0", "redis://h/x", "redis://h h", "http://h", "redis://"),
        *(
            "redis+sentinel://h",
            "redis+cluster://h/1",
            "unix://run/redis.sock",
            "${a b}",
            "Embedded",
        ),
    ],
)
def test_what_is_no_store_is_refused(desk: Desk, tmp_path: Path, url: str) -> None:
    """By the reader that the configuration has, before anything is written."""
    path = tmp_path / "new.yaml"
    assert desk("config", "init", str(path), "--store", url).code == 2
    assert not path.exists()


@pytest.mark.parametrize(
    "url",
    [
        *("embedded", "redis://h", "rediss://app@h:6380/3", "redis://app:${WORD}@h:${PORT}/0"),
        *("redis+sentinel://${USER}:${WORD}@h1,h2/service/0", "unix:///run/redis.sock", "${STORE}"),
    ],
)
def test_a_store_is_written_as_it_was_typed(desk: Desk, tmp_path: Path, url: str) -> None:
    """References stay references, also in the place of the whole URL."""
    path = tmp_path / "new.yaml"
    assert desk("config", "init", str(path), "--store", url).code == 0
    assert f'  url: "{url}"\n' in path.read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["--purpose", "pay"],
        ["--purpose", "=SMS_1"],
        ["--purpose", "a b=SMS_1"],
        ["--purpose", "pay=1"],
        ["--purpose", "pay=SMS_1", "--purpose", "pay=SMS_2"],
        ["--template", "SMS_1", "--purpose", "login=SMS_2"],
        ["--template", "SMS_x"],
        ["--sign-name", "【示例】"],
        ["--sign-name", "a#b"],
        ["--captcha", "turnstile", "--hostname", "https://www.example.com/"],
        ["--captcha", "aliyun", "--scene-id", "a b"],
        ["--captcha", "turnstile", "--scene-id", "a"],
        ["--hostname", "www.example.com"],
    ],
)
def test_options_that_cannot_be_right_are_refused(
    desk: Desk, tmp_path: Path, words: list[str]
) -> None:
    """As a usage error, with nothing written."""
    path = tmp_path / "new.yaml"
    assert desk("config", "init", str(path), *words).code == 2
    assert not path.exists()


def test_init_keeps_every_comment(desk: Desk, tmp_path: Path) -> None:
    """Only the values that were given differ from the example; a name is never read as another."""
    path = tmp_path / "new.yaml"
    words = ["--template", "SMS_1", "--provider", "console", "--captcha", "turnstile"]
    for name in ("null", "yes", "1.5", "2026-11-23", "Pay.now"):
        words += ["--purpose", f"{name}=SMS_{len(words)}"]
    words += ["--sign-name", "yes", "--hostname", "www.example.com"]
    assert desk("config", "init", str(path), *words).code == 0
    before, after = example().splitlines(), path.read_text("utf-8").splitlines()
    changes = list(difflib.ndiff(before, after))
    assert [line[2:].strip() for line in changes if line.startswith("- ")] == [
        *("sign_name: 示例签名", "template: SMS_20261234", "provider: none", 'hostname: ""'),
    ]
    config = load(path, environ={"TURNSTILE_SECRET": "s"})
    assert (config.gateway.provider, config.gateway.sign_name) == ("console", "yes")
    assert {name: each.template for name, each in config.purposes.items()} == {
        "login": "SMS_1",
        "null": "SMS_6",
        "yes": "SMS_8",
        "1.5": "SMS_10",
        "2026-11-23": "SMS_12",
        "Pay.now": "SMS_14",
    }
    assert yaml.safe_load(path.read_text("utf-8"))["purposes"].keys() == config.purposes.keys()


@pytest.mark.parametrize("text", ["yes", "123", "a #b", "a: b", "\"'\\", "- x", "*a", "%", "文"])
def test_a_starter_quotes_whatever_it_is_given(text: str) -> None:
    """Every YAML reader gets the text back."""
    written = starter(Starter(sign_name=text, hostname=text, scene_id=text, purposes={text: text}))
    read = yaml.safe_load(written)
    assert (read["gateway"]["sign_name"], read["captcha"]["hostname"]) == (text, text)
    assert read["captcha"]["scene_id"] == text
    assert (read["purposes"][text]["template"], read["default_purpose"]) == (text, text)


def test_what_is_missing_is_told_so_that_it_can_be_set(desk: Desk, tmp_path: Path) -> None:
    """Each hint names the one variable that the default reads."""
    path = str(tmp_path / "new.yaml")
    words = ["--sign-name", "示例公司", "--template", "SMS_1", "--captcha", "turnstile"]
    items = desk("config", "init", path, *words, "--json").document["items"]
    named = [re.findall("[A-Z]+(?:_[A-Z]+)+", item["hint"]) for item in items]
    assert named == [[name] for name in (*SECRETS[-2:], "TURNSTILE_SECRET")]


QUESTIONS = {
    "en": (
        "signature,",
        "template for login",
        "more purposes",
        "captcha:",
        "host name",
    ),
    "zh-CN": ("签名（", "登录用途的模板", "其他用途", "人机验证：", "主机名"),
}


@pytest.mark.parametrize("language", list(QUESTIONS))
def test_the_interview_at_a_real_terminal(tmp_path: Path, language: str) -> None:
    """Each question is asked in the reader's language, a wrong answer again; the check ends it."""
    path = tmp_path / "new.yaml"
    sign, login, more, captcha, host = QUESTIONS[language]
    environ = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "SMSCTL_LANG": language}
    with at_a_terminal(environ, "config", "init", str(path)) as typist:
        typist.answer(sign, "测试")
        typist.answer(sign, "示例公司")
        typist.answer(login, "20261234")
        typist.answer(login, "SMS_1")
        typist.answer(more, "login=SMS_2")
        typist.answer(more, "pay=SMS_2")
        typist.answer(captcha, "turnstile")
        typist.answer(host, "https://www.example.com")
        typist.answer(host, "www.example.com")
        typist.answer("redis://host:6379/0", "redis://app:open-sesame@127.0.0.1:1/0")
        typist.answer("[embedded]", "redis://app:${WORD}@127.0.0.1:1/0")
        typist.await_text("WORD")
        assert typist.process.wait(20) == 0
    written = path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert 'url: "redis://app:${WORD}@127.0.0.1:1/0"' in written
    assert "sesame" not in written
    config = load(path, environ=dict.fromkeys(SECRETS, "sixteen-bytes-and-more"))
    assert (config.gateway.sign_name, list(config.purposes)) == ("示例公司", ["login", "pay"])
    assert (config.captcha.provider, config.captcha.hostname) == ("turnstile", "www.example.com")


@pytest.mark.parametrize(("key", "code"), [(b"\x03", 130), (b"\x04", 7)], ids=["Ctrl-C", "Ctrl-D"])
def test_an_interview_that_is_broken_off_writes_nothing(
    tmp_path: Path, key: bytes, code: int
) -> None:
    """At a real terminal, in the middle of the questions."""
    path = tmp_path / "new.yaml"
    environ = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
    with at_a_terminal(environ, "config", "init", str(path)) as typist:
        typist.answer("signature", "示例签名")
        assert typist.press("template", key) == code
    assert not path.exists()
