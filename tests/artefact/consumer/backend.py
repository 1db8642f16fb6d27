"""A backend that uses every public name; its types are asserted."""

from typing import Literal, assert_type

from smsctl import (
    AsyncGuard,
    CaptchaUnavailable,
    ConfigError,
    CredentialsRefused,
    GatewayRejected,
    GatewayUnknown,
    Guard,
    InvalidAddress,
    InvalidCode,
    InvalidPhone,
    InvalidPurpose,
    InvalidRequestId,
    Refused,
    Rejected,
    Sent,
    SmsctlError,
    StoreUnavailable,
    Verified,
    __version__,
    open_async_guard,
    open_guard,
)
from smsctl.testing import Clock, FakeGateway, fake_guard


def login(guard: Guard, phone: str, code: str) -> bool:
    """Return whether the code was right."""
    answer = guard.verify(phone, code)
    assert_type(answer, Verified | Rejected)
    if answer:
        assert_type(answer, Verified)
        return True
    assert_type(answer, Rejected)
    assert_type(answer.tries_left, int)
    return False


def send(phone: str) -> float | None:
    """Return the seconds to wait."""
    with open_guard("config.yaml") as guard:
        assert_type(guard, Guard)
        try:
            answer = guard.send(phone, ip=None)
        except (InvalidPhone, InvalidAddress, InvalidCode, InvalidPurpose, InvalidRequestId) as why:
            assert_type(str(why), str)
            return None
        except GatewayUnknown as unknown:
            assert_type(unknown.request_id, str)
            return unknown.retry_after
        except (GatewayRejected, CredentialsRefused, CaptchaUnavailable, StoreUnavailable):
            return None
        match answer:
            case Sent(expires_in=seconds):
                assert_type(seconds, float)
            case Refused(reason=reason):
                assert_type(
                    reason,
                    Literal["limit", "fuse", "captcha", "country", "denied", "locked", "paused"],
                )
        return answer.retry_after


async def send_async(phone: str) -> Sent | Refused:
    """The same, for event loops."""
    async with open_async_guard() as guard:
        assert_type(guard, AsyncGuard)
        return await guard.send(phone, ip="203.0.113.7", purpose="login")


def test_login() -> None:
    """The fakes are typed, too."""
    gateway = FakeGateway()
    guard = fake_guard(gateway=gateway, clock=Clock())
    assert_type(guard, Guard)
    assert guard.send("13800138000", ip=None)
    assert login(guard, "13800138000", gateway.sent[-1].code)


def version() -> str:
    """Return the version; every error has one root."""
    assert issubclass(ConfigError, SmsctlError)
    return __version__
