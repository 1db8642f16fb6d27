"""Alerts by e-mail."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

from smsctl.core.blocking import run_blocking
from smsctl.core.phrase import phrase
from smsctl.vendors.lane import DeadlinePassed, Lane, NotStarted, Saturated
from smsctl.vendors.notify.delivery import News, NotDelivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mailbox, or several, by way of an SMTP server."""

    name: str
    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str = field(repr=False)
    password: str = field(repr=False)
    sender: str
    to: str
    timeout: float

    def deliver(self, news: News) -> None:
        """Hand it to the server, within the time for all of it. Raises NotDelivered."""
        lane = Lane(threads=1, queue=1, blocking=True)
        try:
            run_blocking(lane.run(lambda: self._hand_over(news), timeout=self.timeout))
        except (Saturated, NotStarted, DeadlinePassed):
            raise NotDelivered(phrase("no answer in time"), answered=False) from None
        finally:
            lane.close()

    def _hand_over(self, news: News) -> None:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = news.title, self.sender, self.to
        message.set_content(news.text)
        try:
            with self._server() as server:
                if self.tls == "starttls":
                    server.starttls(context=_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPResponseException as fault:
            # Its text is the server's and may repeat what was said to it: the code is enough.
            code = str(fault.smtp_code)
            raise NotDelivered(phrase("refused: {code}", code=code), code) from None
        except smtplib.SMTPRecipientsRefused:
            raise NotDelivered(phrase("the server takes nothing for this recipient")) from None
        except (smtplib.SMTPException, ValueError):
            raise NotDelivered(phrase("the connection broke"), answered=False) from None
        except ssl.SSLError:
            raise NotDelivered(phrase("its certificate is not trusted"), answered=False) from None
        except OSError:
            raise NotDelivered(phrase("no connection"), answered=False) from None

    def _server(self) -> smtplib.SMTP:
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=_context())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


def _context() -> ssl.SSLContext:
    from certifi import where  # noqa: PLC0415 - for whoever has a mailbox

    context = ssl.create_default_context()
    context.load_verify_locations(where())
    return context
