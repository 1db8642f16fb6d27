"""Receipts and counts, read from the vendor's own words over real requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from smsctl.core.phone import Phone
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_client import read_account
from smsctl.vendors.aliyun_records.details import report_of
from smsctl.vendors.aliyun_records.questions import Details, Question, RecordReader, Statistics
from smsctl.vendors.aliyun_records.reading import Patience, read
from smsctl.vendors.aliyun_records.statistics import counts_of
from smsctl.vendors.aliyun_records.values import DayCount, Report
from smsctl.vendors.lane import Lane
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, FIRST_ID, Code, FakeAliyun
from tests.fakes.records import CHINA, Fate, day
from tests.fakes.vendor import Answer
from tests.vendors.samples import CODE, PHONE, submit
from tests.vendors.test_inquiry import Clock

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=CHINA)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 22)


def asked(aliyun: FakeAliyun, question: Question) -> Sequence[object] | Refusal:
    """Ask one question with all its pages; no pause takes time."""
    account = read_account(
        access_key_id=ACCESS_KEY_ID,
        access_key_secret=ACCESS_KEY_SECRET,
        endpoint=aliyun.url,
        endpoint_path="gateway.endpoint",
        proxy="",
        timeout=5.0,
    )
    clock = Clock()
    patience = Patience(seconds=20.0, now=clock.now, pause=clock.pause)
    return read(RecordReader(account).ask, [question], patience=patience)[question]


def pages(aliyun: FakeAliyun, question: Question) -> Sequence[object]:
    """Ask one question that is answered."""
    told = asked(aliyun, question)
    assert not isinstance(told, Refusal)
    return told


def report(aliyun: FakeAliyun, *, message_id: str | None = FIRST_ID) -> Report | None:
    """Return what became of the message of `request-1`."""
    question = Details(phone=PHONE, day=DAY, message_id=message_id)
    bodies = pages(aliyun, question)
    return report_of(bodies, phone=PHONE, message_id=message_id, request_id="request-1")


def row(**changes: Any) -> dict[str, Any]:
    """Return a row about the message of `request-1`; delivered, unless changed."""
    told = {
        "PhoneNum": PHONE.national,
        "OutId": "request-1",
        "SendDate": "2026-11-23 12:00:00",
        "ReceiveDate": "2026-11-23 12:00:04",
        "SendStatus": 3,
        "ErrCode": "DELIVERED",
        "Content": f"code {CODE}",
    }
    return told | changes


@pytest.fixture
def sent(aliyun: FakeAliyun, lane: Lane) -> FakeAliyun:
    """Return a vendor that took one message at noon, as `request-1`."""
    aliyun.records.clock = lambda: NOON
    aliyun.records.fates.append(Fate(after=1))
    submit(aliyun.url, lane)
    return aliyun


def answer(told: object = None, **more: object) -> Answer:
    """Return an answer with this Data, or with these fields."""
    return Answer(200, {"Code": "OK", "Message": "OK", "Data": told, **more})


# QuerySendDetails


def test_a_message_is_waited_for_and_then_delivered(sent: FakeAliyun) -> None:
    """The receipt is late; with it come the vendor's times."""
    assert report(sent) == Report(status="waiting", sent=NOON.timestamp())
    arrived = report(sent)
    assert arrived == Report(
        status="delivered",
        code="DELIVERED",
        sent=NOON.timestamp(),
        received=NOON.timestamp() + 4,
    )
    assert arrived.latency == 4.0


def test_the_question_is_the_vendors(sent: FakeAliyun) -> None:
    """A bare number, the day in China, the BizId, pages of 50."""
    report(sent)
    (question,) = sent.records.asked
    assert question == {
        "action": "QuerySendDetails",
        "PhoneNumber": PHONE.national,
        "SendDate": "20261123",
        "BizId": FIRST_ID,
        "CurrentPage": "1",
        "PageSize": "50",
    }


def test_a_number_abroad_is_asked_for_with_its_calling_code(aliyun: FakeAliyun) -> None:
    """Without a plus, as the vendor wants it."""
    asked(aliyun, Details(phone=Phone("HK", "852", "51234567"), day=DAY))
    assert aliyun.records.asked[0]["PhoneNumber"] == "85251234567"
    assert "BizId" not in aliyun.records.asked[0]


def test_no_text_of_a_message_is_kept(sent: FakeAliyun) -> None:
    """Invariant 8: the vendor's record has the code in it, what is made of it has not."""
    bodies = pages(sent, Details(phone=PHONE, day=DAY))
    found = report_of(bodies, phone=PHONE, message_id=None, request_id="request-1")
    assert CODE not in repr(found)
    assert PHONE.national not in repr(Details(phone=PHONE, day=DAY))


def test_a_lost_answer_is_found_by_our_own_name(sent: FakeAliyun) -> None:
    """Without the vendor's id only the row that names the request is ours, on whatever page."""
    sent.records.more = [row(OutId=f"other-{n}") for n in range(120)] + [
        row(OutId="request-1", SendStatus=2, ErrCode="NO_ROUTE")
    ]
    sent.records.messages.clear()
    found = report(sent, message_id=None)
    assert found is not None
    assert (found.status, found.code) == ("failed", "NO_ROUTE")
    assert sorted(each["CurrentPage"] for each in sent.records.asked) == ["1", "2", "3"]


@pytest.mark.parametrize(
    "strange",
    [
        {"PhoneNum": "13900139000"},
        {"PhoneNum": "138001380001"},
        {"PhoneNum": None},
        {"OutId": "request-2"},
        {"SendStatus": 0},
        {"SendStatus": 4},
        {"SendStatus": "done"},
        {"SendStatus": True},
    ],
)
def test_a_row_about_something_else_says_nothing(
    aliyun: FakeAliyun, strange: dict[str, Any]
) -> None:
    """Another number, another send, a state that the vendor's pages do not know."""
    aliyun.records.more = [row(**strange)]
    assert report(aliyun) is None


@pytest.mark.parametrize(
    "number", ["13800138000", "+8613800138000", "008613800138000", "138****8000"]
)
def test_a_number_may_be_written_in_the_vendors_ways(aliyun: FakeAliyun, number: str) -> None:
    """Bare, with the calling code, or masked: it is the same phone."""
    aliyun.records.more = [row(PhoneNum=number, SendStatus="3")]
    found = report(aliyun)
    assert found is not None
    assert found.status == "delivered"


def test_a_row_without_our_name_is_ours_by_the_vendors_id_alone(aliyun: FakeAliyun) -> None:
    """The vendor need not repeat an OutId; without its own id that row may be anybody's."""
    aliyun.records.more = [row(OutId="")]
    assert report(aliyun) is not None
    assert report(aliyun, message_id=None) is None


def test_the_later_receipt_stands_and_a_contradiction_is_marked(aliyun: FakeAliyun) -> None:
    """Failed at 12:00:04 and delivered at 12:00:09: it arrived, and somebody says otherwise."""
    failed = row(SendStatus=2, ErrCode="NO_ROUTE")
    aliyun.records.more = [row(ReceiveDate="2026-11-23 12:00:09"), failed, row(SendStatus=1)]
    found = report(aliyun)
    assert found is not None
    assert (found.status, found.latency, found.disputed) == ("delivered", 9.0, True)


def test_where_two_receipts_are_equally_good_it_did_not_arrive(aliyun: FakeAliyun) -> None:
    """A probe that cannot know does not say that all is well."""
    aliyun.records.more = [row(), row(SendStatus=2, ErrCode="NO_ROUTE")]
    found = report(aliyun)
    assert found is not None
    assert (found.status, found.disputed) == ("failed", True)


@pytest.mark.parametrize(
    ("status", "code", "disputed"),
    [
        (3, "NO_ROUTE", True),
        (2, "DELIVERED", True),
        (3, "SOMETHING_NEW", False),
        (2, "SOMETHING_NEW", False),
        (3, "two words", False),
    ],
)
def test_a_state_and_its_code_may_disagree(
    aliyun: FakeAliyun, status: int, code: str, *, disputed: bool
) -> None:
    """Where a known code says the opposite of the state, that is marked, and it did not arrive."""
    aliyun.records.more = [row(SendStatus=status, ErrCode=code)]
    found = report(aliyun)
    assert found is not None
    assert (found.status, found.disputed) == (
        "delivered" if status == 3 and not disputed else "failed",
        disputed,
    )
    assert " " not in found.code


@pytest.mark.parametrize("received", ["", "0001-01-01 00:00:00", "soon", None, 7])
def test_a_receipt_without_a_time_is_one(aliyun: FakeAliyun, received: object) -> None:
    """It arrived; how long it took is not known."""
    aliyun.records.more = [row(ReceiveDate=received)]
    found = report(aliyun)
    assert found is not None
    assert (found.status, found.received, found.latency) == ("delivered", None, None)


# QuerySendStatistics


def counts(aliyun: FakeAliyun, **changes: Any) -> dict[date, DayCount | None]:
    """Return the counts of three days."""
    bodies = pages(aliyun, Statistics(first=FIRST, last=LAST, **changes))
    return dict(counts_of(bodies, first=FIRST, last=LAST))


def test_each_day_has_its_count_and_a_day_without_a_row_none(aliyun: FakeAliyun) -> None:
    """The vendor leaves a day without messages out; numbers come as text, too."""
    aliyun.records.days = [
        day("20261120", "12", RespondedFailCount="2", RespondedSuccessCount=9, NoRespondedCount=1),
        day("20261122", 5),
    ]
    told = counts(aliyun)
    assert told[FIRST] == DayCount(day=FIRST, total=12, delivered=9, failed=2, waiting=1)
    assert [each.total if each else None for each in told.values()] == [12, 0, 5]


def test_the_count_is_asked_for_the_whole_account_or_one_signature(aliyun: FakeAliyun) -> None:
    """A leaked key sends under any signature, and to any country."""
    counts(aliyun)
    counts(aliyun, abroad=True, sign="阿猫商城")
    first, second = aliyun.records.asked
    assert first == {
        "action": "QuerySendStatistics",
        "StartDate": "20261120",
        "EndDate": "20261122",
        "IsGlobe": "1",
        "PageIndex": "1",
        "PageSize": "50",
    }
    assert (second["IsGlobe"], second["SignName"]) == ("2", "阿猫商城")


def test_many_days_come_in_pages(aliyun: FakeAliyun) -> None:
    """Sixty days are two pages, and each day is counted once."""
    days = [date.fromordinal(DAY.toordinal() - n) for n in range(60, 0, -1)]
    aliyun.records.days = [day(f"{each:%Y%m%d}", n) for n, each in enumerate(days)]
    bodies = pages(aliyun, Statistics(first=days[0], last=days[-1]))
    told = counts_of(bodies, first=days[0], last=days[-1])
    assert len(bodies) == 2
    assert [each.total if each else None for each in told.values()] == [*range(60)]


@pytest.mark.parametrize("total", [-1, "many", None, 1.5, True])
def test_a_count_that_is_none_is_not_zero(aliyun: FakeAliyun, total: object) -> None:
    """Nobody is accused by a number that cannot be read."""
    aliyun.records.days = [day("20261121", total)]
    told = counts(aliyun)
    assert told[date(2026, 11, 21)] is None
    assert told[FIRST] is not None


def test_two_counts_of_one_day_are_disputed(aliyun: FakeAliyun) -> None:
    """The larger stands; the very same row on two pages is one."""
    aliyun.records.days = [day("20261121", 7), day("20261121", 9), *[day("20261122", 3)] * 2]
    told = counts(aliyun)
    middle, last = told[date(2026, 11, 21)], told[LAST]
    assert middle is not None
    assert last is not None
    assert (middle.total, middle.disputed) == (9, True)
    assert (last.total, last.disputed) == (3, False)


def test_a_row_missing_or_of_no_day_leaves_the_other_days_open(aliyun: FakeAliyun) -> None:
    """It may be any of the days that have none."""
    aliyun.script(answer({"TotalSize": 2, "TargetList": [day("20261120", 4)]}))
    told = counts(aliyun)
    assert [each.total if each else None for each in told.values()] == [4, None, None]
    aliyun.script(answer({"TotalSize": 1, "TargetList": [day("soon", 4)]}))
    assert set(counts(aliyun).values()) == {None}


def test_an_answer_without_its_rows_says_nothing(aliyun: FakeAliyun) -> None:
    """It is not a week without messages."""
    aliyun.script(Code("OK"))
    assert set(counts(aliyun).values()) == {None}


# Refusals


def test_a_throttled_question_is_asked_again(aliyun: FakeAliyun) -> None:
    """The vendor admits 20 a second, of all who ask."""
    aliyun.account.throttled["QuerySendStatistics"] = 2
    assert len(pages(aliyun, Statistics(first=FIRST, last=LAST))) == 1


@pytest.mark.parametrize("way", ["gateway", "service"])
def test_a_missing_permission_is_named(aliyun: FakeAliyun, way: Any) -> None:
    """The operator is told which action to grant."""
    aliyun.account.denied["QuerySendDetails"] = way
    told = asked(aliyun, Details(phone=PHONE, day=DAY))
    assert isinstance(told, Refusal)
    assert (told.kind, told.action) == ("denied", "dysms:QuerySendDetails")


@pytest.mark.parametrize("fault", ["array", "empty", "html", "reset", "short", "malformed"])
def test_an_answer_that_cannot_be_read_is_no_answer(aliyun: FakeAliyun, fault: str) -> None:
    """It is not taken for a record without rows."""
    aliyun.script(fault)
    told = asked(aliyun, Details(phone=PHONE, day=DAY))
    assert isinstance(told, Refusal)
    assert told.kind == "unreachable"


@pytest.mark.parametrize("rows", ["text", [["nested"]], [7], {"a": 1}])
def test_rows_of_no_shape_harm_nothing(aliyun: FakeAliyun, rows: object) -> None:
    """What the SDK cannot take is lost; what it can is no row."""
    told = {"TotalCount": "1", "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
    aliyun.script(answer(**told))
    found = asked(aliyun, Details(phone=PHONE, day=DAY))
    if not isinstance(found, Refusal):
        report = report_of(found, phone=PHONE, message_id=None, request_id="request-1")
        assert report is None
