"""Answers to SendSms about the account, the access key and the vendor's own state.

Sources: help.aliyun.com, Short Message Service, API error codes (101346), and the errors that every
Alibaba Cloud API has in common.
"""

from __future__ import annotations

from collections.abc import Sequence

from smsctl.core.phrase import phrase
from smsctl.vendors.codes.entry import Entry
from smsctl.vendors.codes.refusals import FRONT_DOOR, refused, unclear

ACCOUNT: Sequence[Entry] = (
    # The account.
    *refused(
        "isv.DAY_LIMIT_CONTROL",
        "isv.MONTH_LIMIT_CONTROL",
        meaning=phrase(
            "the account's own sending threshold is reached: somebody may be pumping messages"
        ),
        remedy=phrase(
            "look at the day's usage before raising it in the vendor's console (safety settings)"
        ),
    ),
    *refused(
        "isv.AMOUNT_NOT_ENOUGH",
        meaning=phrase("the account's balance is not enough"),
        remedy=phrase("top up the account"),
    ),
    *refused(
        "isv.OUT_OF_SERVICE",
        meaning=phrase("the vendor suspended the service for the account's balance"),
        remedy=phrase("top up the account; a package that is left does not help"),
    ),
    *refused(
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.PRODUCT_UNSUBSCRIBE",
        meaning=phrase("the account has not opened the SMS service"),
        remedy=phrase("open the SMS service in the vendor's console"),
    ),
    *refused(
        "isv.ACCOUNT_NOT_EXISTS",
        "isv.ACCOUNT_ABNORMAL",
        "isv.SECURITY_FROZEN_ACCOUNT",
        meaning=phrase("the vendor does not serve this account: it is missing, abnormal or frozen"),
        remedy=phrase("ask the vendor's support"),
    ),
    *refused(
        "isv.DENY_IP_RANGE",
        meaning=phrase("the vendor refuses requests from this host's address"),
        remedy=phrase("send from an address in mainland China"),
    ),
    # The access key. These and no others are exit code 77.
    *refused(
        "InvalidAccessKeyId.*",
        kind="credentials",
        page=FRONT_DOOR,
        meaning=phrase("the vendor does not know the access key, or it is disabled"),
        remedy=phrase("check gateway.access_key_id; rotate the key if it was disabled"),
    ),
    *refused(
        "SignatureDoesNotMatch",
        kind="credentials",
        page=FRONT_DOOR,
        meaning=phrase("the access key's secret is wrong"),
        remedy=phrase("check gateway.access_key_secret, also for spaces around it"),
    ),
    *refused(
        "NoPermission",
        "Forbidden.RAM",
        "isp.RAM_PERMISSION_DENY",
        kind="credentials",
        meaning=phrase("the access key lacks the permission for this"),
        remedy=phrase(
            "grant its RAM user the action dysms:SendSms; "
            "smsctl config ram-policy prints the policy"
        ),
    ),
    *refused(
        "Forbidden.*",
        kind="credentials",
        page=FRONT_DOOR,
        meaning=phrase("the vendor forbids this to the access key"),
        remedy=phrase(
            "look at the RAM user of gateway.access_key_id, and whether the key is active"
        ),
    ),
    *refused(
        "MissingSecurityToken",
        "InvalidSecurityToken.*",
        "IncompleteSignature",
        kind="credentials",
        page=FRONT_DOOR,
        meaning=phrase("the access key is a temporary one, and its token is missing or not valid"),
        remedy=phrase(
            "use a key id that does not begin with STS., or a token that has not expired"
        ),
    ),
    # The vendor's front door.
    *refused(
        "InvalidTimeStamp.Expired",
        page=FRONT_DOOR,
        meaning=phrase("this host's clock is more than 15 minutes off"),
        remedy=phrase("synchronise the clock (NTP)"),
    ),
    *refused(
        "Throttling.*",
        retry="later",
        page=FRONT_DOOR,
        meaning=phrase("the account sends more requests a second than the vendor admits"),
        remedy=phrase("send more slowly, or ask the vendor for a larger quota"),
    ),
    # It may have been sent.
    *unclear(
        "SignatureNonceUsed",
        page=FRONT_DOOR,
        meaning=phrase(
            "something on the way repeated the request: the first may have been accepted"
        ),
        remedy=phrase("look for a proxy that repeats requests"),
    ),
    *unclear(
        "isp.SYSTEM_ERROR",
        "isp.GATEWAY_ERROR",
        "InternalError",
        "ServiceUnavailable",
        meaning=phrase("the vendor failed while it had the message"),
        remedy=phrase(
            "wait for the message before asking for another; the vendor's console knows the rest"
        ),
    ),
)
"""In the order in which they are listed."""
