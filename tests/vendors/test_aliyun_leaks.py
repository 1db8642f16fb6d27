"""Invariant 8: neither code, phone nor key leaves, whatever goes wrong and whatever is logged."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator

import pytest

from smsctl.core.blocking import run_blocking
from smsctl.vendors.aliyun_captcha import AliyunCaptcha
from smsctl.vendors.lane import Lane
from smsctl.vendors.quiet import quiet
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, Code, FakeAliyun
from tests.fakes.tls import self_signed
from tests.fakes.vendor import Answer
from tests.vendors.samples import CODE, PHONE, SECRETS, gateway, message, submit

TURNS = [
    Code("OK"),
    Code("isv.MOBILE_NUMBER_ILLEGAL", message=f"{PHONE.national} {CODE}"),
    Code("SignatureDoesNotMatch", 400, message=f"{ACCESS_KEY_ID} {PHONE.national} {CODE}"),
    Code("InternalError", 500, message=CODE),
    Code(f"code {CODE} of {PHONE.national}", 400),
    Answer(200, {"Code": "OK", "RequestId": f"for {PHONE.national}", "BizId": f"code {CODE}"}),
    Answer(200, [CODE]),
    "reset",
    "short",
    "html",
    "empty",
    "array",
    "redirect",
]


@pytest.fixture
def every_word(
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[list[str]]:
    """Log everything and turn the SDK's debug switch on; what was said is searched at the end."""
    monkeypatch.setenv("DEBUG", "sdk")
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "urllib3.connectionpool", "darabonba-core", "alibabacloud-tea"):
        caplog.set_level(logging.DEBUG, name)
    said: list[str] = []
    yield said
    said += [caplog.text, *capfd.readouterr()]
    said += [repr(vars(record)) for record in caplog.records]
    text = "\n".join(said)
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("turn", TURNS, ids=range(len(TURNS)))
def test_no_answer_makes_a_secret_leave(
    aliyun: FakeAliyun, lane: Lane, every_word: list[str], turn: object
) -> None:
    """Also where the vendor repeats what we sent."""
    aliyun.script(turn)
    answer = submit(aliyun.url, lane)
    every_word += [repr(answer), str(getattr(answer, "explanation", ""))]
    assert len(aliyun.submitted) == 1


def test_a_malformed_header_makes_no_secret_leave(
    aliyun: FakeAliyun, lane: Lane, every_word: list[str]
) -> None:
    """urllib3 warns about it, at WARNING and with the whole URL."""
    aliyun.script("malformed")
    every_word.append(repr(submit(aliyun.url, lane)))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "tls", "proxy"])
def test_no_broken_connection_makes_a_secret_leave(
    lane: Lane, every_word: list[str], url: str
) -> None:
    """The SDK's own words for it hold the whole URL."""
    if url == "tls":
        with self_signed() as server:
            every_word.append(repr(submit(f"https://{server.host}", lane)))
    elif url == "proxy":
        proxy = f"http://user:{CODE}@127.0.0.1:1"
        every_word.append(repr(submit("https://vendor.invalid", lane, proxy=proxy)))
    else:
        every_word.append(repr(submit(url, lane)))


def test_a_deadline_makes_no_secret_leave(
    aliyun: FakeAliyun, lane: Lane, every_word: list[str]
) -> None:
    """Nor does what the abandoned call says when it ends."""
    aliyun.script("hang")
    every_word.append(repr(submit(aliyun.url, lane, timeout=0.05)))
    aliyun.release.set()
    every_word.append(repr(submit(aliyun.url, lane)))


def test_no_exception_is_left_to_look_at(aliyun: FakeAliyun, lane: Lane) -> None:
    """What the SDK raised is gone, with the URL in it."""
    submit("http://127.0.0.1:1", lane)
    gc.collect()
    # By type: asking a lazy object of somebody else what it is would wake it.
    left = [
        one for one in gc.get_objects() if issubclass(type(one), Exception) and CODE in str(one)
    ]
    assert left == []
    assert getattr(sys, "last_value", None) is None


def test_nothing_secret_is_in_a_repr(lane: Lane) -> None:
    """Of gateway, captcha and message, and of what they hold."""
    captcha = AliyunCaptcha(
        access_key_id=ACCESS_KEY_ID, access_key_secret=ACCESS_KEY_SECRET, scene_id="s", lane=lane
    )
    one = gateway("dysmsapi.aliyuncs.com", lane, proxy=f"http://user:{CODE}@127.0.0.1:1")
    shown = repr([one, vars(one), captcha, vars(captcha), message()])
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_captcha_check_makes_no_secret_leave(
    aliyun: FakeAliyun, lane: Lane, every_word: list[str]
) -> None:
    """The token is as secret as the code."""
    captcha = AliyunCaptcha(
        access_key_id=ACCESS_KEY_ID,
        access_key_secret=ACCESS_KEY_SECRET,
        scene_id="scene",
        endpoint=aliyun.url,
        lane=lane,
    )
    aliyun.script(Code("OK"), "reset", Code("InvalidParameter", 400, message=CODE))
    every_word += [repr(run_blocking(captcha.check(CODE, ip=None))) for _ in range(3)]
    assert len(aliyun.checked) == 3


def test_other_users_of_the_libraries_keep_their_logs(
    aliyun: FakeAliyun, lane: Lane, caplog: pytest.LogCaptureFixture
) -> None:
    """Only what is logged during a call of ours is dropped."""
    caplog.set_level(logging.DEBUG, "urllib3.connectionpool")
    submit(aliyun.url, lane)
    logger = logging.getLogger("urllib3.connectionpool")
    with quiet():
        logger.debug("ours")
    logger.debug("theirs")
    assert [r.getMessage() for r in caplog.records if r.name == logger.name] == ["theirs"]
