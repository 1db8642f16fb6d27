"""`smsctl reconcile`: both counts in every output mode, and an exit code for cron."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from smsctl.cli.commands.reconcile import command as reconcile
from tests.cli.desk import Desk
from tests.cli.desks import MakeDesk
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, Code, FakeAliyun
from tests.fakes.records import CHINA, day
from tests.servers import PrivateServer
from tests.wiring.online import Online

PHONES = ("13800138000", "13900139000")


@pytest.fixture
def desk(
    aliyun: FakeAliyun, tmp_path: Path, server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A desk of tomorrow: two messages were sent on what is yesterday to `reconcile`."""
    online = Online(aliyun, tmp_path)
    online.config()
    made = Desk({"SMSCTL_CONFIG": str(online.file), "SMSCTL_STORE__URL": server.url})
    assert made("send", *PHONES).code == 0
    tomorrow = SimpleNamespace(time=lambda: time.time() + 86_400)
    monkeypatch.setattr(reconcile, "time", tomorrow)
    return made


def sent_on(aliyun: FakeAliyun) -> str:
    """Return the day on which the vendor took the messages."""
    return f"{aliyun.records.messages[0].sent.astimezone(CHINA):%Y%m%d}"


def test_counts_that_match_exit_0(desk: Desk) -> None:
    """In each mode, with yesterday last."""
    told = desk("reconcile", "--json")
    assert told.code == 0
    assert told.document["schema"] == "smsctl.reconcile/1"
    assert (told.document["ok"], told.document["sign"]) == (True, None)
    assert len(told.document["days"]) == 7
    total = told.document["total"]
    assert (total["sent"], total["vendor"], total["drift"]) == (2, 2, 0)
    last = desk("reconcile").table[-1]
    assert (last["verdict"], last["sent"], last["vendor"], last["delivered"]) == (
        *("ok", "2", "2", "2"),
    )
    shown = desk("reconcile", "--days", "1", terminal=True, NO_COLOR="1").out
    assert "What was sent here is what the vendor counted." in shown


def test_more_at_the_vendor_exits_8_and_says_what_it_may_be(desk: Desk, aliyun: FakeAliyun) -> None:
    """Somebody else sends with the key."""
    aliyun.records.days = [day(sent_on(aliyun), 9)]
    told = desk("reconcile", "--json")
    assert (told.code, told.document["ok"]) == (8, False)
    assert told.document["days"][-1]["verdict"] == "more"
    assert told.document["total"]["drift"] == 7
    for columns in ("40", "80"):
        shown = desk("reconcile", terminal=True, NO_COLOR="1", COLUMNS=columns)
        assert shown.code == 8
        assert "somebody else sends with your key" in " ".join(shown.out.split())
        assert max(map(len, shown.out.splitlines())) <= int(columns)
    chinese = desk("reconcile", terminal=True, SMSCTL_LANG="zh", NO_COLOR="1", COLUMNS="200").out
    assert "有人在用您的密钥发送" in chinese


def test_days_that_the_store_knows_nothing_of_are_told_as_such(
    desk: Desk, aliyun: FakeAliyun
) -> None:
    """It may have lost its counts, or not have been in use: not only a thief explains that."""
    before = f"{aliyun.records.messages[0].sent.astimezone(CHINA) - timedelta(days=1):%Y%m%d}"
    aliyun.records.days = [day(before, 400), day(sent_on(aliyun), 2)]
    told = desk("reconcile", "--json")
    assert [each["verdict"] for each in told.document["days"][-2:]] == ["uncounted", "ok"]
    assert (told.code, told.document["total"]["verdict"]) == (8, "ok")
    shown = " ".join(desk("reconcile", terminal=True, NO_COLOR="1").out.split())
    assert "the store was emptied or restored" in shown
    assert "--days N" in shown


def test_the_tolerance_can_be_set(desk: Desk, aliyun: FakeAliyun) -> None:
    """In percent, with or without its sign; five messages are always tolerated."""
    aliyun.records.days = [day(sent_on(aliyun), 7)]
    assert desk("reconcile", "--threshold", "0").code == 0
    aliyun.records.days = [day(sent_on(aliyun), 8)]
    assert desk("reconcile", "--threshold", "100%").code == 8


@pytest.mark.parametrize("threshold", ["-1", "101", "x", "nan", ""])
def test_what_is_no_percentage_is_a_usage_error(desk: Desk, threshold: str) -> None:
    """As for the thresholds of `usage`."""
    assert desk("reconcile", f"--threshold={threshold}").code == 2


@pytest.mark.parametrize("days", ["0", "89", "x"])
def test_what_is_no_number_of_days_is_a_usage_error(desk: Desk, days: str) -> None:
    """The store keeps ninety."""
    assert desk("reconcile", "--days", days).code == 2


def test_eighty_eight_days_are_two_pages(desk: Desk) -> None:
    """The most that can be asked for is answered."""
    assert len(desk("reconcile", "--days", "88", "--json").document["days"]) == 88


def test_the_console_gateway_is_78(make_desk: MakeDesk) -> None:
    """It sends nothing, and there is nobody to ask."""
    told = make_desk()("reconcile", "--json")
    assert (told.code, told.error["code"]) == (78, "config")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (Code("InvalidAccessKeyId.NotFound", 404), (77, "vendor_denied")),
        (Code("isp.SYSTEM_ERROR"), (76, "vendor_unavailable")),
    ],
)
def test_a_vendor_that_does_not_tell_has_codes_of_its_own(
    desk: Desk, aliyun: FakeAliyun, code: Code, expected: tuple[int, str]
) -> None:
    """It is not drift."""
    aliyun.script(code, code)
    told = desk("reconcile", "--json")
    assert (told.code, told.error["code"]) == expected
    assert ACCESS_KEY_ID not in told.err
    assert ACCESS_KEY_SECRET not in told.err
