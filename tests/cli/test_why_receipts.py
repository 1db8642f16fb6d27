"""`smsctl why` with the real gateway: receipts are asked for, shown, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.fakes.aliyun import FakeAliyun
from tests.fakes.records import Fate
from tests.servers import PrivateServer
from tests.wiring.online import Online

PHONE = "13800138000"


@pytest.fixture
def desk(aliyun: FakeAliyun, tmp_path: Path, server: PrivateServer) -> Desk:
    """A desk whose vendor is the fake."""
    online = Online(aliyun, tmp_path)
    online.config()
    return Desk({"SMSCTL_CONFIG": str(online.file), "SMSCTL_STORE__URL": server.url})


def test_a_late_receipt_is_asked_for_until_it_is_there(desk: Desk, aliyun: FakeAliyun) -> None:
    """Waiting, then delivered; what is final is kept, and not asked for again."""
    aliyun.records.fates.append(Fate(after=1))
    desk("send", PHONE)
    causes = [desk("why", PHONE, "--json").document["diagnosis"]["cause"] for _ in range(2)]
    assert causes == ["arriving", "delivered"]
    asked = len(aliyun.records.asked)
    (entry,) = desk("why", PHONE, "--json").document["entries"]
    assert [each["status"] for each in entry["receipts"]] == ["waiting", "delivered"]
    assert len(aliyun.records.asked) == asked


def test_what_the_carrier_says_is_explained(desk: Desk, aliyun: FakeAliyun) -> None:
    """Its code, what it means, and the remedy."""
    aliyun.records.fates.append(Fate(code="PORT_NOT_REGISTERED"))
    desk("send", PHONE)
    found = desk("why", PHONE, "--json").document["diagnosis"]
    assert found["cause"] == "undelivered"
    assert "PORT_NOT_REGISTERED" in found["sentence"]
    assert "registration" in found["remedy"]


@pytest.mark.parametrize(
    ("code", "cause"), [("DELIVERED", "delivered"), ("EXPIRED", "undelivered")]
)
def test_a_send_whose_answer_was_lost_is_found_by_its_request_id(
    desk: Desk, aliyun: FakeAliyun, code: str, cause: str
) -> None:
    """The vendor took it and the connection broke: its record knows our id."""
    aliyun.records.fates.append(Fate(code=code))
    aliyun.script("reset")
    assert desk("send", PHONE).code == 75
    assert desk("why", PHONE, "--json").document["diagnosis"]["cause"] == cause
    assert "BizId" not in aliyun.records.asked[0]


def test_a_vendor_that_may_not_be_asked_is_said(desk: Desk, aliyun: FakeAliyun) -> None:
    """The rest of the timeline is there all the same."""
    desk("send", PHONE)
    aliyun.account.denied["QuerySendDetails"] = "gateway"
    told = desk("why", PHONE, "--json")
    assert (told.code, len(told.document["entries"])) == (0, 1)
    shown = desk("why", PHONE, terminal=True, NO_COLOR="1").out
    assert "dysms:QuerySendDetails" in " ".join(shown.split())


def test_no_code_of_the_vendors_record_is_shown(desk: Desk, aliyun: FakeAliyun) -> None:
    """Invariant 8: the record has the text; no output has."""
    desk("send", PHONE)
    (message,) = aliyun.records.messages
    code = "".join(filter(str.isdigit, message.text))
    for words, terminal in ((["--json"], False), ([], False), (["-vv"], True)):
        told = desk("why", PHONE, *words, terminal=terminal)
        assert code not in told.out + told.err
        assert PHONE not in told.out + told.err
