"""The gateway's codes that mean trouble with money or the account: to be told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Trouble = Literal["money", "limit", "account", "key", "sign", "template"]

_TROUBLES: dict[str, Trouble] = {
    "isv.AMOUNT_NOT_ENOUGH": "money",
    "isv.OUT_OF_SERVICE": "money",
    "isv.DAY_LIMIT_CONTROL": "limit",
    "isv.MONTH_LIMIT_CONTROL": "limit",
    "isv.PRODUCT_UN_SUBSCRIPT": "account",
    "isv.PRODUCT_UNSUBSCRIBE": "account",
    "isv.ACCOUNT_NOT_EXISTS": "account",
    "isv.ACCOUNT_ABNORMAL": "account",
    "isv.SECURITY_FROZEN_ACCOUNT": "account",
    "isv.DENY_IP_RANGE": "account",
    "InvalidAccessKeyId.NotFound": "key",
    "InvalidAccessKeyId.Inactive": "key",
    "SignatureDoesNotMatch": "key",
    "NoPermission": "key",
    "Forbidden.RAM": "key",
    "isp.RAM_PERMISSION_DENY": "key",
    "isv.SMS_SIGNATURE_ILLEGAL": "sign",
    "isv.SMS_SIGN_ILLEGAL": "sign",
    "isv.SIGN_STATE_ILLEGAL": "sign",
    "isv.SIGN_NAME_ILLEGAL": "sign",
    "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "sign",
    "isv.SMS_TEMPLATE_ILLEGAL": "template",
    "isv.SMS_CONTENT_ILLEGAL": "template",
}

ALARMING: Mapping[str, Trouble] = _TROUBLES | {
    code.removeprefix("isv."): trouble for code, trouble in _TROUBLES.items()
}
"""By code: what kind of trouble. Some of the vendor's products leave `isv.` out."""
