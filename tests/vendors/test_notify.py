"""Channels against receivers that check signatures, refuse with HTTP 200, hang, and go away."""

from __future__ import annotations

import socket
import threading
from typing import Self

import pytest

from smsctl.config.alerts import Alerts, Channel
from smsctl.vendors.notify.delivery import News, NotDelivered
from smsctl.wiring.alerts.channels import channels
from tests.fakes.receiver import SECRET, TOKEN, FakeReceiver
from tests.fakes.vendor import Answer

KINDS = ["dingtalk", "feishu", "wecom", "slack", "webhook"]
NEWS = News(id="test|x|0|1", title="总闸 80%", text="4,000 of 5,000", facts={"kind": "fuse"})
QUICK = 0.4


def written(kind: str, **more: object) -> Channel:
    fields: dict[str, object] = {
        **dict.fromkeys(["url", "secret", "host", "user", "password", "sender", "to"], ""),
        "name": "oncall",
        "kind": kind,
        "port": 587,
        "tls": "none",
    }
    return Channel(**(fields | more))  # type: ignore[arg-type]


def deliver(kind: str, url: str, *, timeout: float = 5.0, secret: str = SECRET) -> None:
    (channel,) = channels(
        Alerts(timeout=timeout, channels=(written(kind, url=url, secret=secret),))
    )
    channel.deliver(NEWS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_tells_title_and_text_signed(receiver: FakeReceiver, kind: str) -> None:
    """The receiver computes the signature itself."""
    deliver(kind, receiver.url_of(kind))
    assert receiver.told == ["总闸 80%\n4,000 of 5,000"]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "webhook"])
def test_a_wrong_secret_is_told_by_the_code_in_the_body(receiver: FakeReceiver, kind: str) -> None:
    """HTTP 200 is no success."""
    with pytest.raises(NotDelivered) as refused:
        deliver(kind, receiver.url_of(kind), secret="another")
    assert refused.value.code in {"310000", "19021", "1"}
    assert receiver.told == []


ANSWERS = [
    Answer(200, {"errcode": 45009, "code": 45009}),
    Answer(200, {"errcode": "45009", "code": "45009"}),
    Answer(200, {"ok": False, "error": "x", "code": None, "errcode": None}),
    Answer(404, {"errcode": 0, "code": 0}),
    Answer(500, {}),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", ANSWERS, ids=["code", "text", "ok false", "404", "500"])
def test_a_refusal_is_a_failure_whatever_its_form(
    receiver: FakeReceiver, kind: str, answer: Answer
) -> None:
    """In the body or in the status."""
    receiver.script(answer)
    if kind == "slack" and answer in ANSWERS[:2]:
        return  # codes of other vendors mean nothing to it
    with pytest.raises(NotDelivered):
        deliver(kind, receiver.url_of(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["html", "reset", "short", "redirect"])
def test_a_broken_answer_is_a_failure(receiver: FakeReceiver, kind: str, fault: str) -> None:
    """And no redirect is followed: the token goes nowhere else."""
    receiver.script(fault)
    with pytest.raises(NotDelivered):
        deliver(kind, receiver.url_of(kind))
    assert len(receiver.heard) == 1


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "wecom"])
@pytest.mark.parametrize("fault", ["empty", "array"])
def test_an_answer_that_says_nothing_is_a_failure(
    receiver: FakeReceiver, kind: str, fault: str
) -> None:
    """A robot always says whether it took it."""
    receiver.script(fault)
    with pytest.raises(NotDelivered, match="something else"):
        deliver(kind, receiver.url_of(kind))


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_receiver_that_hangs_is_given_up(receiver: FakeReceiver, fault: str) -> None:
    """In the time that the configuration gives, whatever the network does."""
    receiver.script(fault)
    with pytest.raises(NotDelivered, match="no answer in time"):
        deliver("wecom", receiver.url_of("wecom"), timeout=QUICK)


def test_nobody_there_is_told() -> None:
    """A closed port."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/dingtalk?access_token={TOKEN}"
        with pytest.raises(NotDelivered, match="no connection") as fault:
            deliver("dingtalk", url)
    assert TOKEN not in repr(fault.value) + str(fault.value)
    assert fault.value.__cause__ is None


def test_neither_url_nor_secret_is_in_a_repr() -> None:
    """A robot's URL is its password."""
    for kind in [*KINDS, "email"]:
        one = written(kind, url=f"https://x/{TOKEN}", secret=SECRET, password=SECRET, user="u@x")
        (channel,) = channels(Alerts(channels=(one,)))
        assert TOKEN not in repr(channel) + repr(one)
        assert SECRET not in repr(channel) + repr(one)


class Mailbox:
    """An SMTP server for one message; it says `answers` in place of its own words."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.lines: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection, connection.makefile("rwb") as talk:

            def say(text: str) -> None:
                talk.write(text.encode() + b"\r\n")
                talk.flush()

            say("220 ready")
            while line := talk.readline().decode().rstrip():
                verb = line.split()[0].upper()
                self.lines.append(line)
                if verb == "DATA":
                    say("354 go on")
                    while (part := talk.readline().decode().rstrip("\r\n")) != ".":
                        self.lines.append(part)
                say(self.answers.get(verb, "221 bye" if verb == "QUIT" else "250 ok"))
                if verb == "QUIT":
                    return


def mail(port: int, **more: object) -> None:
    one = written("email", host="127.0.0.1", port=port, sender="a@x.cn", to="b@x.cn", **more)
    (channel,) = channels(Alerts(channels=(one,), timeout=5.0))
    channel.deliver(NEWS)


def test_a_mail_has_title_and_text() -> None:
    """Encoded as mails are, to whom the configuration says."""
    with Mailbox() as box:
        mail(box.port)
    told = "\n".join(box.lines)
    assert "rcpt to:<b@x.cn>" in told.lower()  # 3.13 writes it small
    assert "Subject: =?utf-8?" in told
    assert "4,000 of 5,000" in told


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"MAIL": "550 no"}, "refused: 550"),
        ({"RCPT": "550 no"}, "nothing for this recipient"),
        ({"DATA": "554 no"}, "refused: 554"),
    ],
)
def test_a_mail_that_is_refused_is_told(answers: dict[str, str], said: str) -> None:
    """By its code; the server's words stay with it."""
    with Mailbox(**answers) as box, pytest.raises(NotDelivered, match=said):
        mail(box.port)


def test_a_mailbox_that_offers_no_tls_gets_nothing() -> None:
    """STARTTLS is asked for unless the configuration says none."""
    with Mailbox() as box, pytest.raises(NotDelivered):
        mail(box.port, tls="starttls")
    assert not any(line.startswith("mail") for line in box.lines)
