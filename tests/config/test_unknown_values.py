"""A value that is wrong is unknown: it makes up no second mistake, and hides none."""

from __future__ import annotations

import pytest

from tests.config.conftest import Wrongs

ALIYUN = "gateway: {provider: aliyun, access_key_id: a, access_key_secret: b}"
PHONE = "phone: '13800138000'"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        # of a purpose
        (f"{ALIYUN}\npurposes: {{login: {{template: SMS_1, foo: bar}}}}", "purposes.login.foo"),
        (f"{ALIYUN}\npurposes: {{login: [SMS_1]}}", "purposes.login"),
        (f"{ALIYUN}\npurposes: {{login: {{template: 'SMS_1 '}}}}", "purposes.login.template"),
        ("purposes: {login: {variable: a-b, text: '${a}'}}", "purposes.login.variable"),
        ("purposes: []\nlimits: [{name: a, per: all, max: 1, window: day, only: {purpose: b}}]",
         "purposes"),
        # of a section that another one asks for
        ("captcha: {provider: turnstile, secret: 'a '}", "captcha.secret"),
        ("captcha: {provider: aliyun, scene_id: x}\ngateway: nothing", "gateway"),
        ("store: {url: redis://localhost}\ncode: {secret: short}", "code.secret"),
        ("store: {url: redis://localhost}\ncode: []", "code"),
        ("store: {url: http://localhost}", "store.url"),
        (f"code: {{length: 9}}\ntest_numbers: [{{{PHONE}, code: '1', until: 2099-01-01}}]",
         "code.length"),
        # of a channel
        ("alerts: {channels: [{name: a, kind: slack, url: ftp://x}]}", "alerts.channels[0].url"),
        ("alerts: {channels: [{name: a, kind: fax}]}", "alerts.channels[0].kind"),
        ("alerts: {channels: [{name: a, kind: email, host: 'h ', from: f, to: t, tls: none}]}",
         "alerts.channels[0].host"),
        (("alerts: {channels: [{name: a, kind: email, host: h, from: f, to: t, user: u,"
         " password: 'p '}]}"), "alerts.channels[0].password"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(wrong: Wrongs, text: str, path: str) -> None:
    """No default stands in for what is wrong where values are compared."""
    assert list(wrong(text)) == [path]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("limits: [{name: denied, per: phone, max: 0, window: 1h, only: {purpose: pay}}]",
         ["limits[0].max", "limits[0].name", "limits[0].only.purpose"]),
        (("limits:\n- {name: a, per: phone, max: x, window: 1h}\n"
         "- {name: a, per: moon, max: 101, window: 1h}"),
         ["limits[0].max", "limits[1].per", "limits[1].name", "limits[1].max"]),
        (f"test_numbers:\n- {{{PHONE}, code: '1', until: soon}}\n- {{{PHONE}, code: ' '}}",
         ["test_numbers[0].until", "test_numbers[0].code",
          "test_numbers[1].code", "test_numbers[1].until", "test_numbers[1].phone"]),
        (f"{ALIYUN}\npurposes: {{login: {{variable: a-b}}}}",
         ["purposes.login.variable", "purposes.login.template"]),
        (("alerts: {channels: [{name: a, kind: dingtalk, url: ftp://x, foo: 1},"
         " {name: a, kind: fax}]}"),
         ["alerts.channels[0].foo", "alerts.channels[0].url", "alerts.channels[0].secret",
          "alerts.channels[1].kind", "alerts.channels[1].name"]),
    ],
)  # fmt: skip
def test_a_mistake_hides_no_other(wrong: Wrongs, text: str, paths: list[str]) -> None:
    """What is mended brings up nothing that could have been said before."""
    assert list(wrong(text)) == paths
