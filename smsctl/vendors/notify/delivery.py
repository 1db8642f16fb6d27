"""What a channel delivers, how it fails, and the one POST that most of them make.

A URL of a robot holds its token: neither it nor a secret is in any error. The answer is read, for
robots refuse with HTTP 200 and say so in the body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.exchange import Exchange, making
from smsctl.vendors.lane import DeadlinePassed, Lane, NotStarted, Saturated
from smsctl.vendors.network import Broken, read_body
from smsctl.vendors.pool import direct_pool
from smsctl.vendors.quiet import quiet
from smsctl.vendors.words import plain_word

_OK = range(200, 300)
_JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is to be told."""

    id: str
    title: str
    text: str
    facts: Mapping[str, str | int | float | None]
    """The same for programs."""

    @property
    def whole(self) -> str:
        """Title and text, for channels that have but one field."""
        return f"{self.title}\n{self.text}"


class NotDelivered(Exception):
    """The channel did not take it; `answered` says whether it said so itself."""

    def __init__(
        self, explanation: Phrase, code: str | None = None, *, answered: bool = True
    ) -> None:
        super().__init__(str(explanation))
        self.explanation = explanation
        self.code = code
        self.answered = answered


class Channel(Protocol):
    """One way to somebody."""

    @property
    def name(self) -> str:
        """As the configuration names it."""

    def deliver(self, news: News) -> None:
        """Tell it, within the channel's time. Raises NotDelivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Posts JSON to one URL, within `timeout` seconds of wall-clock time."""

    url: str = field(repr=False)
    timeout: float

    def send(
        self, body: bytes, *, query: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Return the status and the body of the answer. Raises NotDelivered where there is none."""
        lane = Lane(threads=1, queue=1, blocking=True)
        url = self.url + query
        try:
            return run_blocking(
                lane.run(lambda: self._ask(url, body, headers or {}), timeout=self.timeout)
            )
        except (Saturated, NotStarted, DeadlinePassed):
            raise NotDelivered(phrase("no answer in time"), answered=False) from None
        finally:
            lane.close()

    def _ask(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        until = monotonic() + self.timeout
        exchange = Exchange()
        with quiet(), making(exchange):
            try:
                answer = direct_pool().request(
                    "POST",
                    url,
                    body=body,
                    headers={**_JSON, **headers},
                    timeout=self.timeout,
                    retries=False,  # and no redirects: the token goes nowhere else
                    preload_content=False,
                )
                return answer.status, read_body(answer, until=until)
            except Exception as error:  # noqa: BLE001 - whatever it is, its text may not leave
                how = Broken.by(error, exchange).how
                raise NotDelivered(_BROKEN[how], answered=False) from None


_BROKEN = {
    "refused": phrase("no connection"),
    "timeout": phrase("no answer in time"),
    "tls": phrase("its certificate is not trusted"),
    "proxy": phrase("no connection"),
    "unmade": phrase("the request could not be made"),
    "lost": phrase("the connection broke"),
}


def packed(document: Mapping[str, Any]) -> bytes:
    """Return a document as it travels."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def accepted(status: int, body: bytes, *, keys: tuple[str, ...], strict: bool = True) -> None:
    """Return where the answer says that it was taken: 2xx, and 0 under one of `keys`.

    Without `strict` a body that says nothing of it will do. Raises NotDelivered.
    """
    if status not in _OK:
        raise NotDelivered(phrase("refused with HTTP {status}", status=status))
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    found = [told[key] for key in keys if key in told] if isinstance(told, dict) else []
    if isinstance(told, dict) and told.get("ok") is False:
        raise NotDelivered(phrase("refused, without a code"), plain_word(told.get("error")))
    if any(each not in {0, "0"} for each in map(_number, found)):
        code = plain_word(str(next(each for each in found if _number(each) not in {0, "0"})))
        raise NotDelivered(phrase("refused: {code}", code=code or "?"), code)
    if strict and not found:
        raise NotDelivered(phrase("answered something else than this kind of channel does"))


def _number(value: object) -> object:
    return value if isinstance(value, int | str) and not isinstance(value, bool) else "?"
