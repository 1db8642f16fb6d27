"""`smsctl alert`: proving channels, delivering, listing; and half-written channels."""

from __future__ import annotations

import pytest

from tests.cli.desk import Desk
from tests.cli.desks import MakeDesk
from tests.fakes.receiver import SECRET, TOKEN, FakeReceiver
from tests.fakes.vendor import Answer


@pytest.fixture
def told(make_desk: MakeDesk, receiver: FakeReceiver) -> Desk:
    """Return a desk with two channels and a small fuse."""
    return make_desk(
        "limits: [{name: fuse, per: all, max: 2, window: day}]\n"
        "alerts:\n  language: en\n  channels:\n"
        f"  - {{name: ding, kind: dingtalk, url: '{receiver.url_of('dingtalk')}',"
        f" secret: {SECRET}}}\n"
        f"  - {{name: chat, kind: wecom, url: '{receiver.url_of('wecom')}'}}\n"
    )


def test_a_test_proves_each_channel(told: Desk, receiver: FakeReceiver) -> None:
    """And says which one failed, with its code and without its URL."""
    assert told("alert", "test").code == 0
    assert len(receiver.told) == 2
    receiver.script(Answer(200, {"errcode": 300001}))
    failed = told("alert", "test", "ding", "--json")
    assert failed.code == 8
    assert failed.document["channels"] == [
        {"channel": "ding", "delivered": False, "error": "refused: 300001", "code": "300001"}
    ]
    assert TOKEN not in failed.out + failed.err
    nobody = told("alert", "test", "nobody", "--json")
    assert (nobody.code, nobody.error["hint"]) == (2, "there are: ding, chat")


def test_what_a_send_could_not_tell_waits_for_cron(told: Desk, receiver: FakeReceiver) -> None:
    """The send is not held up by it; `alert run` tells what is left, once."""
    receiver.script(*[Answer(500, {})] * 2)
    assert told("send", "13900139000").code == 0
    (waiting,) = told("alert", "list", "--json").document["alerts"]
    assert (waiting["kind"], waiting["level"], waiting["taken_by"]) == ("fuse", 50, [])
    assert told("alert", "run").code == 0
    assert len(receiver.told) == 2
    assert told("alert", "list", "--json").document["alerts"] == []
    assert told("alert", "run", "--json").document["delivered"] == []
    receiver.script_for("dingtalk", Answer(500, {}))
    assert told("send", "13900139001").code == 0
    (waiting,) = told("alert", "list", "--json").document["alerts"]
    assert (waiting["level"], waiting["taken_by"]) == (100, ["chat"])


def test_a_run_that_could_not_tell_everybody_says_so(told: Desk, receiver: FakeReceiver) -> None:
    """Exit 8, for cron's mail."""
    receiver.script_for("dingtalk", *[Answer(500, {})] * 2)
    told("send", "13900139000")
    failed = told("alert", "run", "--json")
    assert failed.code == 8
    assert [each["channel"] for each in failed.document["failed"]] == ["ding"]


def test_without_a_channel_there_is_nothing_to_prove(make_desk: MakeDesk) -> None:
    """It is said, and where to write one."""
    for command in ("test", "run"):
        assert make_desk()("alert", command).code == 2


@pytest.mark.parametrize(
    ("channel", "path"),
    [
        ("{name: a, kind: dingtalk, url: 'https://x/y'}", "secret"),
        ("{name: a, kind: feishu, secret: s}", "url"),
        ("{name: a, kind: wecom}", "url"),
        ("{name: a, kind: webhook, url: 'https://x/y'}", "secret"),
        ("{name: a, kind: slack}", "url"),
        ("{name: a, kind: email, from: a@x, to: b@x}", "host"),
        ("{name: a, kind: email, host: h, from: a@x, to: b@x, user: u}", "password"),
        ("{name: a, kind: email, host: h, from: a@x, to: b@x, tls: none}", "tls"),
        ("{name: a, kind: wecom, url: 'http://example.com/x'}", "url"),
        ("{name: a, kind: wecom, url: 'ftp://x'}", "url"),
        ("{kind: wecom, url: 'https://x'}", "name"),
        ("{name: a, kind: pager, url: 'https://x'}", "kind"),
        ("{name: a, kind: wecom, uri: 'https://x'}", "uri"),
    ],
)
def test_a_half_written_channel_is_an_error_at_the_check(
    make_desk: MakeDesk, channel: str, path: str
) -> None:
    """Not at three in the morning."""
    told = make_desk(f"alerts: {{channels: [{channel}]}}\n")("config", "check", "--json")
    assert told.code == 78
    assert f"alerts.channels[0].{path}" in told.out + told.err


@pytest.mark.parametrize(
    "fuse", ["[80, 50]", "[0]", "[101]", "[50, 50]", "[x]", "[1,2,3,4,5,6,7,8,9]"]
)
def test_thresholds_ascend_from_1_to_100(make_desk: MakeDesk, fuse: str) -> None:
    """At most eight of them."""
    assert make_desk(f"alerts: {{fuse: {fuse}}}\n")("config", "check").code == 78


def test_no_thresholds_are_fine(make_desk: MakeDesk) -> None:
    """Somebody may not want to be told of fuses."""
    desk = make_desk("alerts: {fuse: []}\nlimits: [{name: fuse, per: all, max: 1, window: day}]\n")
    assert desk("send", "13900139000").code == 0
    assert desk("alert", "list", "--json").document["alerts"] == []
