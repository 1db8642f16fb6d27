"""Errors travel: between processes, and with all that they carry."""

from __future__ import annotations

import copy
import pickle

import pytest

from smsctl.core.errors import (
    ConfigError,
    CredentialsRefused,
    GatewayUnknown,
    InvalidPhone,
    Problem,
    SmsctlError,
    StoreUnavailable,
)
from smsctl.core.phrase import phrase

ERRORS = (
    GatewayUnknown(
        phrase("lost {thing}", thing="reply"),
        request_id="r",
        expires_in=300,
        retry_after=60,
        challenge="c",
    ),
    CredentialsRefused("key", request_id="r", vendor_code="InvalidAccessKeyId.NotFound"),
    ConfigError(Problem("a.b", phrase("bad")), Problem("c", phrase("worse"))),
    StoreUnavailable("down", reply_lost=True),
    InvalidPhone("no", hint=phrase("do")),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_a_process_pool(error: SmsctlError) -> None:
    """Type, sentence and everything given by keyword are there on the other side."""
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)
