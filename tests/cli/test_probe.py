"""`smsctl probe`: synthetic sends over real requests, followed until they arrive."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from smsctl.cli.commands.probe import command as probe
from smsctl.wiring.probe import Clock
from tests.cli.desk import Desk
from tests.cli.desks import MakeDesk
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, Code, FakeAliyun
from tests.fakes.records import CHINA, Fate
from tests.servers import PrivateServer
from tests.wiring.online import Online, Pauses

MOBILE, UNICOM, VIRTUAL = "13800138000", "18600138000", "17000138000"
MASKED = "+86138****8000"
NOON = datetime(2026, 11, 24, 12, tzinfo=CHINA)
"""Around midnight the vendor is asked for two days."""


@pytest.fixture
def pauses(aliyun: FakeAliyun, monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """The clock of waiting; only pauses move it. It is noon, for the vendor too."""
    made = Pauses()
    clock = Clock(now=made.now, pause=made.pause, unix=NOON.timestamp)
    monkeypatch.setattr(probe, "clock", lambda: clock)
    aliyun.records.clock = lambda: NOON
    return made


@pytest.fixture
def online(aliyun: FakeAliyun, tmp_path: Path) -> Online:
    """A configuration that points at the fake."""
    return Online(aliyun, tmp_path)


@pytest.fixture
def desk(online: Online, server: PrivateServer, pauses: Pauses) -> Desk:
    """A desk whose vendor is the fake, and where nobody waits."""
    assert pauses.made == []
    online.config()
    return Desk({"SMSCTL_CONFIG": str(online.file), "SMSCTL_STORE__URL": server.url})


def fates(aliyun: FakeAliyun, *told: Fate) -> None:
    """Say what becomes of the next messages, of one phone at a time."""
    aliyun.records.fates.extend(told)


def test_what_arrives_exits_0_with_its_time_by_carrier(desk: Desk, aliyun: FakeAliyun) -> None:
    """The vendor's own times, and whose network each number is in."""
    told = desk("probe", MOBILE, UNICOM, VIRTUAL, "--json")
    assert told.code == 0
    document = told.document
    assert (document["schema"], document["ok"], document["delivered"]) == (
        *("smsctl.probe/1", True, 3),
    )
    assert [(one["network"], one["kind"], one["latency_s"]) for one in document["results"]] == [
        ("mobile", "ordinary", 4),
        ("unicom", "ordinary", 4),
        ("telecom", "virtual", 4),
    ]
    assert document["carriers"][0] == {
        "network": "mobile",
        "phones": 1,
        "delivered": 1,
        "fastest_s": 4,
        "slowest_s": 4,
    }
    assert len(aliyun.submitted) == 3


def test_a_late_receipt_is_waited_for(desk: Desk, aliyun: FakeAliyun, pauses: Pauses) -> None:
    """Looks come ever more slowly, until it is there."""
    fates(aliyun, Fate(after=5, seconds=11))
    told = desk("probe", MOBILE, "--json").document["results"][0]
    assert (told["outcome"], told["latency_s"]) == ("delivered", 11)
    assert pauses.made == [1.0, 1.5, 2.25, 3.375, 5.0]
    assert told["seen_after_s"] == 13.125


def test_what_does_not_arrive_in_time_exits_8(
    desk: Desk, aliyun: FakeAliyun, pauses: Pauses
) -> None:
    """With a last look when the time is over, and not a second longer."""
    fates(aliyun, Fate(after=99))
    told = desk("probe", MOBILE, "--wait", "10s", "--json")
    assert (told.code, told.document["results"][0]["outcome"]) == (8, "waiting")
    assert pauses.at == 10.0
    assert pauses.made == [1.0, 1.5, 2.25, 3.375, 1.875]
    assert [each["action"] for each in aliyun.records.asked] == ["QuerySendDetails"] * 7


def test_a_carriers_failure_is_told_with_its_remedy(desk: Desk, aliyun: FakeAliyun) -> None:
    """At once, and the others are told all the same."""
    fates(aliyun, Fate(code="PORT_NOT_REGISTERED"))
    shown = desk("probe", MOBILE, terminal=True, NO_COLOR="1", COLUMNS="100")
    assert shown.code == 8
    assert "real-name registration with this carrier is missing" in " ".join(shown.out.split())
    assert "China Mobile" in shown.out
    fates(aliyun, Fate(code="PORT_NOT_REGISTERED"))
    row = desk("probe", UNICOM).table[0]
    assert (row["outcome"], row["code"]) == ("failed", "PORT_NOT_REGISTERED")


def test_a_send_whose_answer_was_lost_is_found_all_the_same(desk: Desk, aliyun: FakeAliyun) -> None:
    """By our own request id; it arrived, and that is the question."""
    aliyun.script(Code("OK"), "reset")  # the question beforehand, then the send
    told = desk("probe", MOBILE, "--json")
    assert (told.code, told.document["results"][0]["outcome"]) == (0, "delivered")


def test_a_send_that_nobody_took_stays_unknown(
    desk: Desk, aliyun: FakeAliyun, pauses: Pauses
) -> None:
    """The vendor has no record of it."""
    aliyun.script(Code("OK"), Code("isp.SYSTEM_ERROR"))
    told = desk("probe", MOBILE, "--wait", "5s", "--json")
    (one,) = told.document["results"]
    assert (told.code, one["outcome"], one["code"]) == (8, "unknown", "isp.SYSTEM_ERROR")
    assert pauses.at == 5.0


def test_what_the_gateway_rejects_is_not_waited_for(
    desk: Desk, aliyun: FakeAliyun, pauses: Pauses
) -> None:
    """It is known at once that nothing comes."""
    aliyun.script(Code("OK"), Code("isv.AMOUNT_NOT_ENOUGH"))
    told = desk("probe", MOBILE, "--json")
    (one,) = told.document["results"]
    assert (told.code, one["outcome"], one["code"]) == (8, "rejected", "isv.AMOUNT_NOT_ENOUGH")
    assert pauses.made == []


def test_our_own_limits_refuse_a_probe_too(desk: Desk) -> None:
    """It goes through the guard: the second within a minute is not sent."""
    desk("probe", MOBILE)
    told = desk("probe", MOBILE, UNICOM, "--json")
    first, second = told.document["results"]
    assert (first["outcome"], first["reason"], first["rule"]) == (
        *("refused", "limit", "phone-minute"),
    )
    assert (told.code, second["outcome"]) == (8, "delivered")
    (carrier,) = told.document["carriers"]  # of the other one nothing was learnt
    assert (carrier["network"], carrier["phones"]) == ("unicom", 1)
    assert desk("probe", MOBILE, "--json").document["carriers"] == []
    assert desk("probe", MOBILE, terminal=True).code == 8


def test_each_number_is_probed_once(desk: Desk, aliyun: FakeAliyun) -> None:
    """In whatever spelling it is given twice."""
    assert len(desk("probe", MOBILE, f"+86{MOBILE}").table) == 1
    assert len(aliyun.submitted) == 1


def test_contradictory_records_are_told(desk: Desk, aliyun: FakeAliyun) -> None:
    """A probe that arrived and did not has not arrived."""
    desk("probe", UNICOM)
    sent = aliyun.records.messages[0]
    aliyun.records.more = [{**sent.row(), "SendStatus": 2, "ErrCode": "NO_ROUTE", "OutId": ""}]
    aliyun.records.more[0]["PhoneNum"] = MOBILE
    told = desk("probe", MOBILE, "--json")
    (one,) = told.document["results"]
    assert (told.code, one["outcome"], one["disputed"]) == (8, "failed", True)


def test_nothing_is_sent_where_receipts_may_not_be_asked_for(
    desk: Desk, aliyun: FakeAliyun
) -> None:
    """A message costs money; what became of it could not be told."""
    aliyun.account.denied["QuerySendDetails"] = "gateway"
    told = desk("probe", MOBILE, "--json")
    assert (told.code, told.error["code"]) == (77, "vendor_denied")
    assert "dysms:QuerySendDetails" in told.error["message"]
    assert aliyun.submitted == []


def test_a_vendor_that_falls_silent_is_not_the_carriers_fault(
    desk: Desk, aliyun: FakeAliyun
) -> None:
    """Sent, and nobody can say what became of it: not known, rather than not delivered."""
    aliyun.script(Code("OK"), Code("OK"), *["html"] * 20)
    told = desk("probe", MOBILE, "--wait", "3s", "--json")
    assert (told.code, told.document["results"][0]["outcome"]) == (8, "untold")


def test_receipts_are_kept_for_why(desk: Desk, aliyun: FakeAliyun) -> None:
    """What the probe has learnt is not asked for again."""
    desk("probe", MOBILE)
    asked = len(aliyun.records.asked)
    assert desk("why", MOBILE, "--json").document["diagnosis"]["cause"] == "delivered"
    assert len(aliyun.records.asked) == asked


def test_who_interrupts_keeps_what_was_learnt(
    desk: Desk, aliyun: FakeAliyun, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One had arrived, the other was waited for: 130, and `why` knows of the first."""
    fates(aliyun, Fate(), Fate(after=99))

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    clock = Clock(now=pauses.now, pause=interrupt, unix=NOON.timestamp)
    monkeypatch.setattr(probe, "clock", lambda: clock)
    assert desk("probe", MOBILE, UNICOM).code == 130
    asked = len(aliyun.records.asked)
    both = [desk("why", phone, "--json").document for phone in (MOBILE, UNICOM)]
    causes = {told["diagnosis"]["cause"] for told in both}
    assert "delivered" in causes
    assert len(aliyun.records.asked) == asked + 1


def test_a_probe_past_a_captcha_is_recorded(desk: Desk, online: Online, aliyun: FakeAliyun) -> None:
    """As `send --skip-captcha`: one act, nobody's whole number in it."""
    online.config("captcha: {provider: turnstile, secret: made-up-secret-of-a-site}")
    assert desk("probe", MOBILE, UNICOM).code == 0
    (act,) = desk("audit", "--json").document["acts"]
    assert act["what"] == f"probe without captcha to {MASKED}, +86186****8000"
    assert MOBILE not in json.dumps(act)
    assert len(aliyun.submitted) == 2


def test_no_code_and_no_whole_number_is_shown(desk: Desk, aliyun: FakeAliyun) -> None:
    """Invariant 8, in each mode and with the loudest log; a challenge neither."""
    numbers = (MOBILE, UNICOM, VIRTUAL)
    modes: list[tuple[list[str], dict[str, Any]]] = [
        (["--json"], {}),
        (["-vv"], {"terminal": True}),
        (["--check"], {}),
    ]
    for number, (words, how) in zip(numbers, modes, strict=True):
        told = desk("probe", number, *words, SMSCTL_CODE__CHALLENGE="required", **how)
        assert told.code == 0
        message = aliyun.records.messages[-1]
        code = json.loads(message.text)["code"]
        for secret in (code, number, ACCESS_KEY_ID, ACCESS_KEY_SECRET):
            assert secret not in told.out + told.err
        assert "challenge" not in told.out


# Monitoring


def test_as_a_plugin_it_is_one_line_with_figures(desk: Desk) -> None:
    """0 where everything arrived."""
    told = desk("probe", MOBILE, UNICOM, "--check")
    said, numbers = told.out.split(" | ")
    assert (told.code, said) == (0, "SMSCTL OK - 2 of 2 delivered")
    assert numbers == "delivered=2;;;0;2 'mobile'=4.000s;;;0 'unicom'=4.000s;;;0\n"


def test_as_a_plugin_what_does_not_arrive_is_critical(desk: Desk, aliyun: FakeAliyun) -> None:
    """2, with the carrier's code."""
    fates(aliyun, Fate(code="NO_ROUTE"))
    told = desk("probe", MOBILE, "--check")
    assert (told.code, told.out) == (
        2,
        f"SMSCTL CRITICAL - 0 of 1 delivered, {MASKED} failed (NO_ROUTE) | delivered=0;;;0;1\n",
    )


def test_as_a_plugin_what_was_not_sent_is_unknown(desk: Desk, aliyun: FakeAliyun) -> None:
    """3: our own limit says nothing of the carrier, nor does a key that may not ask."""
    desk("probe", MOBILE)
    told = desk("probe", MOBILE, "--check")
    assert (told.code, "refused (phone-minute)" in told.out) == (3, True)
    aliyun.account.denied["QuerySendDetails"] = "service"
    told = desk("probe", UNICOM, "--check")
    assert (told.code, told.out.startswith("SMSCTL UNKNOWN - ")) == (3, True)


@pytest.mark.parametrize("words", [["123"], [MOBILE, "--wait", "0s"], [MOBILE, "--purpose", "x"]])
def test_as_a_plugin_a_mistake_is_unknown(desk: Desk, words: list[str]) -> None:
    """Monitoring knows only 0 to 3."""
    told = desk("probe", *words, "--check")
    assert (told.code, told.out.count("\n")) == (3, 1)


# Mistakes


@pytest.mark.parametrize(
    "words",
    [
        ["123"],
        [MOBILE, "123"],
        [MOBILE, "--wait", "0s"],
        [MOBILE, "--wait", "16m"],
        [MOBILE, "--wait", "x"],
        [MOBILE, "--purpose", "nobodys"],
        [],
    ],
)
def test_a_mistake_sends_nothing(desk: Desk, aliyun: FakeAliyun, words: list[str]) -> None:
    """Not to the other number either."""
    assert desk("probe", *words).code == 2
    assert aliyun.heard == []


def test_which_number_is_none_is_said(desk: Desk, aliyun: FakeAliyun) -> None:
    """By its place, for it may be somebody's; alone it needs none."""
    told = desk("probe", MOBILE, "123", "--json")
    assert (told.code, told.error["code"]) == (2, "invalid_phone")
    assert told.error["message"].startswith("number 2: ")
    assert not desk("probe", "123", "--json").error["message"].startswith("number")
    assert aliyun.submitted == []


def test_a_test_number_cannot_be_probed(desk: Desk, online: Online, aliyun: FakeAliyun) -> None:
    """Nothing is sent to it, so nothing could arrive."""
    online.config(f"test_numbers: [{{phone: '{MOBILE}', code: '123456', until: 2099-01-01}}]")
    assert desk("probe", MOBILE).code == 2
    assert aliyun.heard == []


def test_the_console_gateway_is_78(make_desk: MakeDesk) -> None:
    """It sends nothing, and there is nobody to ask."""
    told = make_desk()("probe", MOBILE, "--json")
    assert (told.code, told.error["code"]) == (78, "config")


def test_a_store_that_is_down_is_69(desk: Desk) -> None:
    """Nothing was sent, to nobody."""
    assert desk("probe", MOBILE, UNICOM, SMSCTL_STORE__URL="redis://127.0.0.1:1/0").code == 69


@pytest.mark.parametrize("columns", ["40", "80"])
def test_the_screen_fits_in_both_languages(desk: Desk, aliyun: FakeAliyun, columns: str) -> None:
    """Nothing is wider than the terminal."""
    from smsctl.cli.frame.words import cells  # noqa: PLC0415 - for this test alone

    for number, language in ((MOBILE, "en"), (UNICOM, "zh")):
        fates(aliyun, Fate(code="MOBILE_NOT_ON_SERVICE"))
        told = desk(
            *("probe", number), terminal=True, NO_COLOR="1", COLUMNS=columns, SMSCTL_LANG=language
        )
        assert max(map(cells, told.out.splitlines())) <= int(columns)
