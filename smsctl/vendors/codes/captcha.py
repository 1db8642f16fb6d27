"""What Alibaba Captcha 2.0 says of a visitor: the `VerifyCode` of its verdict.

Sources: help.aliyun.com, Captcha 2.0, server access and the answers of the V3 client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smsctl.core.phrase import NOTHING, Phrase, phrase
from smsctl.vendors.codes.entry import Entry, Retry, entries

_PAGE = "https://www.alibabacloud.com/help/en/captcha/captcha2-0/user-guide/server-access"
_NEW_TOKEN = phrase("yes, with a new token: each is good once")
_PASSED = phrase("no: the visitor passed")


def _passed(*codes: str, meaning: Phrase, remedy: Phrase) -> list[Entry]:
    return entries(
        "captcha",
        *codes,
        meaning=meaning,
        remedy=remedy,
        sent=None,
        billed=None,
        retry="no",
        when=_PASSED,
        page=_PAGE,
    )


def _failed(
    *codes: str, meaning: Phrase, remedy: Phrase, retry: Retry = "yes", when: Phrase = NOTHING
) -> list[Entry]:
    return entries(
        "captcha",
        *codes,
        meaning=meaning,
        remedy=remedy,
        sent="no",
        billed="no",
        retry=retry,
        when=when or (_NEW_TOKEN if retry == "yes" else NOTHING),
        page=_PAGE,
    )


CAPTCHA: Sequence[Entry] = (
    *_passed(
        "T001",
        meaning=phrase("the visitor passed"),
        remedy=phrase("nothing is to be done"),
    ),
    *_passed(
        "T005",
        meaning=phrase("the captcha scene is in test mode: every visitor passes"),
        remedy=phrase("end the scene's test mode in the vendor's console"),
    ),
    *_passed(
        "T006",
        meaning=phrase("the visitor passed by a whitelist of the captcha's console"),
        remedy=phrase("look whether the whitelist is wider than was meant"),
    ),
    # The visitor.
    *_failed(
        "F001",
        retry="no",
        meaning=phrase("the captcha suspects an attack"),
        remedy=phrase(
            "if a real user was refused, ask the captcha vendor's support with the request id"
        ),
    ),
    *_failed(
        "F009",
        retry="no",
        meaning=phrase("the visitor's device is a virtual one, or an emulator"),
        remedy=phrase("a real user has to come from a real device"),
    ),
    *_failed(
        "F010",
        "F011",
        retry="later",
        meaning=phrase("too many attempts from the visitor's address or device"),
        remedy=phrase("wait; look who asks for codes from there: smsctl limits show --ip"),
    ),
    *_failed(
        "F015",
        meaning=phrase("the visitor did not solve the captcha"),
        remedy=phrase("show the captcha again"),
    ),
    *_failed(
        "F016",
        retry="after_fix",
        meaning=phrase("the captcha's policy for this page's address refuses"),
        remedy=phrase("look at the scene's URL policy in the vendor's console"),
    ),
    *_failed(
        "F017",
        retry="no",
        meaning=phrase("the request does not follow the captcha's protocol: a program made it"),
        remedy=phrase("if a real user was refused, load the vendor's script from its own address"),
    ),
    *_failed(
        "F024",
        retry="no",
        meaning=phrase("the visitor is an automated browser"),
        remedy=phrase("a real user has to come from an ordinary browser"),
    ),
    # The token.
    *_failed(
        "F002",
        meaning=phrase("the captcha token is empty"),
        remedy=phrase("pass on what the captcha's success callback gave to the page"),
    ),
    *_failed(
        "F003",
        "F013",
        meaning=phrase("the captcha token is malformed, or a field of it is missing"),
        remedy=phrase("pass the token on unchanged: do not parse, trim or encode it"),
    ),
    *_failed(
        "F008",
        "F018",
        meaning=phrase("the captcha token was used before"),
        remedy=phrase("let the page ask for a new token for each send"),
    ),
    *_failed(
        "F014",
        meaning=phrase(
            "the captcha knows of no start of this check: it is older than 20 minutes, or made up"
        ),
        remedy=phrase("let the page start the captcha anew before each send"),
    ),
    *_failed(
        "F019",
        meaning=phrase("more than 90 seconds passed between the visitor's check and ours"),
        remedy=phrase("let the page send the token at once"),
    ),
    *_failed(
        "F020",
        meaning=phrase("the captcha token belongs to another scene or visitor"),
        remedy=phrase("compare captcha.scene_id with the scene of the page"),
        retry="after_fix",
    ),
    # The scene.
    *_failed(
        "F004",
        retry="after_fix",
        meaning=phrase("the captcha scene is in test mode: every visitor fails"),
        remedy=phrase("end the scene's test mode in the vendor's console"),
    ),
    *_failed(
        "F005",
        "F006",
        "F012",
        retry="after_fix",
        meaning=phrase("the captcha scene is unknown, or not the one of the page"),
        remedy=phrase("compare captcha.scene_id with the scene of the page"),
    ),
    *_failed(
        "F023",
        meaning=phrase("the captcha did not start on the page (client V2)"),
        remedy=phrase("load the captcha's script anew; look at its prefix and region on the page"),
    ),
)
"""In the order in which they are listed."""

BY_CODE: Mapping[str, Entry] = {entry.code: entry for entry in CAPTCHA}
