"""The store's counts against the vendor's, asked for over real requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from smsctl.config import Config
from smsctl.core.admin import Cell, Day
from smsctl.core.errors import ConfigError, SmsctlError, VendorDenied, VendorUnavailable
from smsctl.vendors.aliyun_records.reading import Patience
from smsctl.wiring.reconcile import Reconciled, reconcile
from tests.fakes.account import SIGN
from tests.fakes.aliyun import Code, FakeAliyun, envelope
from tests.fakes.records import CHINA, day
from tests.wiring.online import Online

NOW = datetime(2026, 11, 23, 9, tzinfo=CHINA).timestamp()


def ours(date: str, sent: int, **more: int) -> Day:
    """Return a day of the store."""
    told = {"sent": sent, **more}
    return Day.of(date, {Cell(what, "", "login", "CN", 12): count for what, count in told.items()})


def run(online: Online, config: Config, days: list[Day], **changes: Any) -> Reconciled:
    """Compare two days; no pause takes time."""
    clock = online.pauses
    arguments: dict[str, Any] = {"last": 2, "now": NOW, "percent": 2.0, "own_sign": False}
    patience = Patience(seconds=20.0, now=clock.now, pause=clock.pause)
    return reconcile(config, days, patience=patience, **{**arguments, **changes})


DAYS = [ours("2026-11-21", 40), ours("2026-11-22", 60, unknown=3), ours("2026-11-23", 7)]


def test_whole_days_are_compared_and_today_is_not(online: Online, aliyun: FakeAliyun) -> None:
    """Today is not over, for the vendor neither."""
    aliyun.records.days = [day("20261121", 40), day("20261122", 62), day("20261123", 900)]
    found = run(online, online.config(), DAYS)
    assert found.ok
    assert [(each.here.sent, each.here.most, each.there) for each in found.days] == [
        (40, 40, 40),
        (60, 63, 62),
    ]
    assert (found.total.here.sent, found.total.there) == (100, 102)
    asked = [(each["StartDate"], each["EndDate"], each["IsGlobe"]) for each in aliyun.records.asked]
    assert sorted(asked) == [("20261121", "20261122", "1"), ("20261121", "20261122", "2")]
    assert not [each for each in aliyun.records.asked if "SignName" in each]


def test_somebody_elses_sends_abroad_are_found(online: Online, aliyun: FakeAliyun) -> None:
    """A stolen key pumps where it pays: to other countries."""
    aliyun.records.days = [day("20261121", 40), day("20261122", 60)]
    aliyun.records.abroad = [day("20261122", 300)]
    found = run(online, online.config(), DAYS)
    assert [(each.drift, each.verdict) for each in found.days] == [(0, "ok"), (297, "more")]
    assert not found.ok


def test_a_message_may_be_several_segments(online: Online, aliyun: FakeAliyun) -> None:
    """The vendor's pages call its count billable: three segments are one or three, always."""
    config = online.config(
        f"purposes: {{login: {{template: SMS_1, text: '{'长' * 140}${{code}}'}}}}"
    )
    for times in (1, 3):
        aliyun.records.days = [day("20261121", 40 * times), day("20261122", 60 * times)]
        assert run(online, config, DAYS).ok
    aliyun.records.days = [day("20261121", 100), day("20261122", 60)]
    assert [each.drift for each in run(online, config, DAYS).days] == [60, 0]


def test_one_signature_alone_is_compared_on_request(online: Online, aliyun: FakeAliyun) -> None:
    """Where another system shares the account."""
    run(online, online.config(), DAYS, own_sign=True)
    assert {each["SignName"] for each in aliyun.records.asked} == {SIGN}


def test_days_of_another_zone_are_told_apart_by_the_hour(
    online: Online, aliyun: FakeAliyun
) -> None:
    """16:00 UTC is midnight in China."""
    hours = {15: 30, 16: 20}
    days = [Day.of("2026-11-21", {Cell("sent", "", "login", "CN", h): n for h, n in hours.items()})]
    aliyun.records.days = [day("20261121", 30), day("20261122", 20)]
    found = run(online, online.config("timezone: UTC"), days)
    assert [each.here.sent for each in found.days] == [30, 20]
    assert found.ok


def test_an_account_without_messages_abroad_is_in_override(
    online: Online, aliyun: FakeAliyun
) -> None:
    """Where nothing is sent there by us, the refusal is told, and the rest is compared."""
    aliyun.records.days = [day("20261121", 40), day("20261122", 60)]
    aliyun.records.refused_abroad = envelope(Code("isv.SOMETHING_NEW"))
    found = run(online, online.config(), DAYS)
    assert found.ok
    assert found.unasked is not None
    assert "isv.SOMETHING_NEW" in str(found.unasked)
    with pytest.raises(VendorUnavailable):
        run(online, online.config("phone: {countries: [CN, HK]}"), DAYS)


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        (Code("InvalidAccessKeyId.NotFound", 404), VendorDenied),
        (Code("isp.RAM_PERMISSION_DENY"), VendorDenied),
        (Code("isp.SYSTEM_ERROR"), VendorUnavailable),
        ("reset", VendorUnavailable),
        ("html", VendorUnavailable),
    ],
)
def test_a_vendor_that_does_not_tell_is_no_drift(
    online: Online, aliyun: FakeAliyun, turn: Any, kind: type[SmsctlError]
) -> None:
    """Nothing was compared, so nothing is said to be wrong, or right."""
    aliyun.script(turn, turn)
    with pytest.raises(kind):
        run(online, online.config(), DAYS)


def test_a_throttled_question_is_asked_again(online: Online, aliyun: FakeAliyun) -> None:
    """Cron does not wake anybody for that."""
    aliyun.account.throttled["QuerySendStatistics"] = 3
    aliyun.records.days = [day("20261121", 40), day("20261122", 60)]
    assert run(online, online.config(), DAYS).ok


def test_the_console_has_no_vendor(online: Online) -> None:
    """There is nothing to compare with."""
    with pytest.raises(ConfigError):
        run(online, online.config("gateway: {provider: console}"), DAYS)
