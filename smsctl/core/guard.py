"""The guard's two faces, over one flow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self

from smsctl.core.answers import Refused, Rejected, Sent, Verified
from smsctl.core.blocking import run_blocking
from smsctl.core.flow import Flow

Close = Callable[[], Coroutine[Any, Any, None]]


class Guard:
    """Sends and verifies codes. For threads: one guard serves a whole process.

    Made by `open_guard`. A context manager that gives its connections back.
    """

    def __init__(self, flow: Flow, *, close: Close) -> None:
        self._flow = flow
        self._close = close

    def send(
        self,
        phone: str,
        *,
        ip: str | None,
        captcha_token: str | None = None,
        purpose: str | None = None,
        request_id: str | None = None,
        skip_captcha: bool = False,
    ) -> Sent | Refused:
        """Send a code to `phone`, or say which gate refused.

        Args:
            phone: one mobile number, in any usual spelling.
            ip: the client's address as the trusted proxy gave it; None says that no client is
                behind this call, and no address rule applies.
            captcha_token: what the captcha gave the visitor; needed where one is configured.
            purpose: what the code is for; None is `default_purpose`.
            request_id: names this send. Within the code's life the same id gets the same outcome,
                and the gateway is not called again. None makes one up.
            skip_captcha: an operator's act, for calls without a visitor.

        Raises:
            InvalidPhone, InvalidAddress, InvalidPurpose, InvalidRequestId: what was given.
            StoreUnavailable, CaptchaUnavailable: nothing was sent.
            GatewayRejected, CredentialsRefused: definitely not sent.
            GatewayUnknown: may have been sent; the code, if it arrives, will verify.
            ConfigError: the captcha's secret, or the store's, is not the right one; or a vendor's
                SDK cannot be used here. Nothing was sent, and no quota is used.
        """
        return run_blocking(
            self._flow.send(
                phone,
                ip=ip,
                captcha_token=captcha_token,
                purpose=purpose,
                request_id=request_id,
                skip_captcha=skip_captcha,
            )
        )

    def verify(
        self, phone: str, code: str, *, purpose: str | None = None, challenge: str | None = None
    ) -> Verified | Rejected:
        """Compare a code, once; it is gone when it was right, and after the last wrong try.

        Tell the end user one thing for every rejection: the reason is for the log.

        Args:
            phone: as in `send`.
            code: what the user typed; full-width digits count as digits.
            purpose: as in `send`.
            challenge: what `send` returned, where the configuration requires it.

        Raises:
            InvalidPhone, InvalidPurpose, InvalidCode: what was given; nothing was counted.
            StoreUnavailable: nothing was compared, as far as can be known.
            ConfigError: the store belongs to another secret.
        """
        return run_blocking(self._flow.verify(phone, code, purpose=purpose, challenge=challenge))

    def close(self) -> None:
        """Give the connections back. The guard is not used afterwards."""
        run_blocking(self._close())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncGuard:
    """Sends and verifies codes. For event loops; each loop gets connections of its own.

    Made by `open_async_guard`. Arguments, answers and errors are those of `Guard`.
    """

    def __init__(self, flow: Flow, *, close: Callable[[], Awaitable[None]]) -> None:
        self._flow = flow
        self._close = close

    async def send(
        self,
        phone: str,
        *,
        ip: str | None,
        captcha_token: str | None = None,
        purpose: str | None = None,
        request_id: str | None = None,
        skip_captcha: bool = False,
    ) -> Sent | Refused:
        """Send a code to `phone`, or say which gate refused; see `Guard.send`."""
        return await self._flow.send(
            phone,
            ip=ip,
            captcha_token=captcha_token,
            purpose=purpose,
            request_id=request_id,
            skip_captcha=skip_captcha,
        )

    async def verify(
        self, phone: str, code: str, *, purpose: str | None = None, challenge: str | None = None
    ) -> Verified | Rejected:
        """Compare a code, once; see `Guard.verify`."""
        return await self._flow.verify(phone, code, purpose=purpose, challenge=challenge)

    async def close(self) -> None:
        """Give this loop's connections back. The guard is not used afterwards."""
        await self._close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
