"""What the vendor says of the signature, its carriers and its qualification. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from smsctl.core.phrase import Phrase, phrase
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_account.values import Carrier, Qualification, Registration, Review, Sign
from smsctl.wiring.account import Told
from smsctl.wiring.check.item import Item, error, ok, warn
from smsctl.wiring.check.online.reasons import because

CARRIERS = {
    "mobile": phrase("China Mobile"),
    "unicom": phrase("China Unicom"),
    "telecom": phrase("China Telecom"),
}
_TEST, _TRIAL = 4, 5
_REGISTERED: Mapping[Registration, Phrase] = {
    "registered": phrase("registered with {carrier}"),
    "unproven": phrase("registered with {carrier}, not proved by messages yet"),
}
_UNREGISTERED: Mapping[Registration, Phrase] = {
    "failed": phrase("{carrier} refused it: {reasons}"),
    "expired": phrase("its registration with {carrier} ran out: {reasons}"),
    "missing": phrase("not registered with {carrier}: {reasons}"),
}


def when(moment: datetime | None, zone: ZoneInfo) -> Phrase:
    """Return a time for people, to the minute."""
    if moment is None:
        return phrase("an unknown time")
    told = moment.astimezone(zone).isoformat(sep=" ", timespec="minutes")
    return phrase("{time}", time=told[:16])


def review_message(state: Review, *, reason: str, since: Phrase) -> Phrase:
    """Return where a review stands, as a sentence."""
    match state:
        case "approved":
            return phrase("approved")
        case "pending":
            return phrase("under review since {since}", since=since)
        case "rejected":
            return phrase("rejected: {reason}", reason=reason or phrase("no reason is given"))
        case "cancelled":
            return phrase("its review was cancelled")
        case "unfinished":
            return phrase("the vendor asks for more papers: {reason}", reason=reason or "-")
        case "unknown":
            return phrase("the vendor names a state that is not known here")


def review_hint(state: Review) -> Phrase:
    """Return what to do about a review that has not ended well."""
    if state == "pending":
        return phrase("wait for it: smsctl onboard --watch tells when it is decided")
    if state == "unknown":
        return phrase("look at it in the vendor's console")
    return phrase("mend it in the vendor's console and submit it again: see smsctl onboard")


def sign_items(sign: Sign | Refusal, zone: ZoneInfo) -> Iterator[Item]:
    """Yield what is found of the signature."""
    check = "online.sign"
    if isinstance(sign, Refusal):
        yield unanswered(
            check,
            sign,
            phrase("the account has no such signature"),
            phrase("compare gateway.sign_name with the vendor's console"),
        )
        return
    message = review_message(sign.review, reason=sign.reason, since=when(sign.created, zone))
    if sign.review != "approved":
        level = warn if sign.review == "unknown" else error
        yield level(check, message, review_hint(sign.review))
        return
    yield ok(check, message)
    yield from _tag(sign)
    if sign.letter_missing:
        yield error(
            "online.sign.letter",
            phrase("it is another company's, and its letter of authorisation is not approved"),
            phrase("submit the letter in the vendor's console"),
        )
    yield from _carriers(sign)


def carrier_item(carrier: Carrier) -> Item:
    """Return where the signature's registration with one carrier stands."""
    check, name = f"online.sign.{carrier.name}", CARRIERS[carrier.name]
    reasons = because(carrier.reasons)
    if carrier.state in _REGISTERED:
        return ok(check, Phrase(_REGISTERED[carrier.state].template, {"carrier": name}))
    if carrier.state == "registering":
        return warn(
            check,
            phrase("being registered with {carrier}: {reasons}", carrier=name, reasons=reasons),
            phrase("wait: a carrier takes 5 to 10 working days; send little until then"),
        )
    if carrier.state == "unknown":
        return warn(
            check,
            phrase("the vendor does not say where {carrier} stands", carrier=name),
            phrase("look at it in the vendor's console"),
        )
    return error(
        check,
        Phrase(_UNREGISTERED[carrier.state].template, {"carrier": name, "reasons": reasons}),
        phrase("that carrier's phones get no codes: register it again in the console"),
    )


def qualification_items(told: Told, zone: ZoneInfo) -> Iterator[Item]:
    """Yield what is found of the qualification behind the signature."""
    check = "online.qualification"
    if isinstance(told.qualifications, Refusal):
        yield warn(check, told.qualifications.message, told.qualifications.hint)
        return
    if not isinstance(told.sign, Sign) or told.qualifications is None:
        return  # without the signature nobody knows which it is
    found = qualification_of(told.sign, told.qualifications)
    if found is None:
        yield warn(
            check,
            phrase("the signature belongs to no qualification that the vendor lists"),
            phrase("bind it to one in the vendor's console: carriers register no other"),
        )
        return
    message = review_message(found.review, reason=found.reason, since=when(found.created, zone))
    if found.review == "approved":
        yield ok(check, message)
    else:
        level = error if found.review in {"rejected", "unfinished", "cancelled"} else warn
        yield level(check, message, review_hint(found.review))


def qualification_of(sign: Sign, found: tuple[Qualification, ...]) -> Qualification | None:
    """Return the qualification of this signature."""
    return next((each for each in found if each.id == sign.qualification), None)


def unanswered(check: str, refusal: Refusal, absent: Phrase, hint: Phrase) -> Item:
    """Return the item of a question without an answer; `absent`: the account has no such thing."""
    if refusal.kind == "absent":
        return error(check, absent, hint)
    return warn(check, refusal.message, refusal.hint)


def _tag(sign: Sign) -> Iterator[Item]:
    check = "online.sign.tag"
    if sign.tag == _TEST:
        yield error(
            check,
            phrase("a test signature: it reaches the numbers bound to the account alone"),
            phrase("apply for your own before users press the button"),
        )
    elif sign.tag == _TRIAL:
        yield warn(
            check,
            phrase("a trial signature: the vendor may end it"),
            phrase("apply for your own before users press the button"),
        )


def _carriers(sign: Sign) -> Iterator[Item]:
    if not sign.carriers:
        yield warn(
            "online.sign.carriers",
            phrase("the vendor does not say whether the carriers have registered it"),
            phrase("look at it in the vendor's console"),
        )
    yield from map(carrier_item, sign.carriers)
