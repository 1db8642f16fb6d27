"""What the environment says, and how each value's origin is told."""

from __future__ import annotations

import pytest

from smsctl.config import load
from tests.config.conftest import Reads, Wrongs


def test_one_value_is_overridden_by_its_variable(read: Reads) -> None:
    """SMSCTL_<SECTION>__<KEY> stands before the file, for values of every type."""
    config = read(
        "store: {prefix: a}\npurposes: {sign-in: {template: a}}\ndefault_purpose: sign-in",
        {
            "SMSCTL_STORE__PREFIX": "b",
            "SMSCTL_CODE__LENGTH": "4",
            "SMSCTL_CODE__TTL": "2m",
            "SMSCTL_CODE__WRONG__MAX": "7",
            "SMSCTL_PHONE__COUNTRIES": "CN, HK",
            "SMSCTL_PURPOSES__SIGN_IN__TEMPLATE": "SMS_1",
        },
    )
    assert config.store.prefix == "b"
    assert config.code.length == 4
    assert config.code.ttl == 120.0
    assert config.code.wrong.max == 7
    assert config.phone.countries == {"CN", "HK"}
    assert config.purposes["sign-in"].template == "SMS_1"
    assert config.origin("store.prefix") == "environment SMSCTL_STORE__PREFIX"


def test_an_override_is_taken_as_it_is(read: Reads) -> None:
    """A secret may hold a dollar sign; only the file has references."""
    config = read("", {"SMSCTL_GATEWAY__ACCESS_KEY_SECRET": "a${HOME}b", "HOME": "/root"})
    assert config.gateway.access_key_secret == "a${HOME}b"


def test_the_values_above_the_sections_have_variables_too(read: Reads) -> None:
    """A time zone that was meant and not taken would move the fuse's day."""
    config = read("", {"SMSCTL_TIMEZONE": "UTC"})
    assert config.timezone.key == "UTC"
    assert config.origin("timezone") == "environment SMSCTL_TIMEZONE"


def test_an_override_that_overrides_nothing_is_an_error(wrong: Wrongs) -> None:
    """A misspelt variable would otherwise be no limit at all."""
    assert wrong("", {"SMSCTL_STOER__URL": "redis://h", "SMSCTL_LIMITS__0__MAX": "1"}) == {
        "SMSCTL_STOER__URL": "this variable overrides nothing; did you mean SMSCTL_STORE__URL?",
        "SMSCTL_LIMITS__0__MAX": "this variable overrides nothing; single values have one, "
        "like SMSCTL_STORE__URL; lists are written in the file",
    }


@pytest.mark.parametrize(
    "name", ["SMSCTL_LANG", "SMSCTL_STATE_DIR", "SMSCTL_CONFIG_X", "_SMSCTL_COMPLETE", "SMSCTL_"]
)
def test_variables_of_other_kinds_are_left_alone(read: Reads, name: str) -> None:
    """Only a name with two underscores within is an override."""
    assert read("", {name: "x"}).store.prefix == "sms"


def test_references_are_followed(read: Reads) -> None:
    """`${NAME}`, and `${NAME:-default}` also where NAME is set to nothing."""
    config = read(
        "store: {url: 'redis://:${PW}@${HOST:-localhost}:6379/0'}\n"
        "code: {length: '${LENGTH:-5}', secret: '${KEY}'}\n"
        "captcha: {hostname: '${EMPTY}'}",
        {"PW": "pw", "HOST": "", "KEY": "k" * 16, "EMPTY": ""},
    )
    assert config.store.url == "redis://:pw@localhost:6379/0"
    assert config.code.length == 5
    assert config.code.secret == "k" * 16
    assert config.captcha.hostname == ""


def test_a_value_of_the_environment_is_not_followed_again(read: Reads) -> None:
    """What a variable holds is a value, never a reference."""
    environ = {"A": "${B}", "B": "x"}
    assert read("captcha: {action: '${A}'}", environ).captcha.action == "${B}"


def test_a_missing_variable_is_named(wrong: Wrongs) -> None:
    """And nothing else is said about the value that could not be read."""
    text = "gateway: {provider: aliyun, access_key_id: '${ID}', access_key_secret: '${A}${B:-}'}"
    assert wrong(text) == {
        "gateway.access_key_id": "ID is not set in the environment; "
        "set it, or write a default: ${ID:-}",
        "gateway.access_key_secret": "A is not set in the environment; "
        "set it, or write a default: ${A:-}",
    }


def test_a_broken_reference_is_told(wrong: Wrongs) -> None:
    """A typing error does not become a value."""
    for text in ("${", "${1A}", "${A", "${}", "${A-b}"):
        assert wrong(f"captcha: {{action: '{text}'}}", {"A": "x"}) == {
            "captcha.action": "has a ${ that begins no reference; write ${NAME} or ${NAME:-default}"
        }


def test_the_vendors_placeholder_is_no_reference(read: Reads) -> None:
    """A template's words keep their `${code}`."""
    config = read("purposes: {login: {text: '您的验证码${code}'}}", {"code": "x"})
    assert config.purposes["login"].text == "您的验证码${code}"


def test_every_value_knows_its_origin(read: Reads) -> None:
    """Default, file, environment, or a part of it from the environment."""
    config = read(
        "store: {prefix: a, url: 'redis://${HOST}', ca: '${CA:-x}'}\nlimits: []",
        {"HOST": "h", "SMSCTL_SECRET": "s" * 16, "SMSCTL_STORE__TIMEOUT": "2s"},
    )
    assert config.origin("store.prefix") == "file"
    assert config.origin("store.url") == "file, from environment HOST"
    assert config.origin("store.ca") == "file"
    assert config.origin("store.timeout") == "environment SMSCTL_STORE__TIMEOUT"
    assert config.origin("store.durability") == "default"
    assert config.origin("code.secret") == "default, from environment SMSCTL_SECRET"
    assert config.origin("limits") == "file"
    assert config.origin("test_numbers") == "default"
    assert config.origin("purposes.login.template") == "default"
    with pytest.raises(KeyError):
        config.origin("store.nothing")


def test_the_defaults_come_from_the_environment_too() -> None:
    """Without any file, a secret in the environment is used."""
    config = load(environ={"ALIBABA_CLOUD_ACCESS_KEY_ID": "id"}, defaults=True)
    assert config.gateway.access_key_id == "id"
