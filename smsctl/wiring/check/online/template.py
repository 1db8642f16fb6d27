"""What the vendor says of a purpose's template, beside what is configured. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from smsctl.config import Config
from smsctl.core.phrase import phrase
from smsctl.core.policy import Purpose
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_account.values import Template
from smsctl.vendors.aliyun_review.statement import expiry
from smsctl.vendors.aliyun_review.variables import VARIABLE
from smsctl.wiring.check.item import Item, error, ok, warn
from smsctl.wiring.check.online.sign import review_hint, review_message, unanswered, when

_CODE, _INTERNATIONAL, _INTERNATIONAL_CODE = 0, 3, 2
_TEST = 4
_KINDS = {
    1: phrase("a notice"),
    2: phrase("a promotion"),
    3: phrase("an international message"),
}


def template_items(config: Config, name: str, template: Template | Refusal) -> Iterator[Item]:
    """Yield what is found of the template of the purpose `name`."""
    check = f"online.template.{name}"
    if isinstance(template, Refusal):
        yield unanswered(
            check,
            template,
            phrase("the account has no such template"),
            phrase("compare the purpose's template with the vendor's console"),
        )
        return
    since = when(template.created, config.timezone)
    message = review_message(template.review, reason=template.reason, since=since)
    if template.review == "approved":
        yield ok(check, message)
    else:
        level = warn if template.review == "unknown" else error
        yield level(check, message, review_hint(template.review))
    yield from _kind(check, config, template)
    if template.tag == _TEST:
        yield error(
            f"{check}.tag",
            phrase("a test template: it reaches the numbers bound to the account alone"),
            phrase("apply for your own before users press the button"),
        )
    if template.text:
        yield from _text(check, config, config.purposes[name], template.text)


def _kind(check: str, config: Config, template: Template) -> Iterator[Item]:
    check = f"{check}.type"
    if template.kind == _CODE:
        return
    abroad = template.kind == _INTERNATIONAL and template.international == _INTERNATIONAL_CODE
    if abroad and "CN" not in config.phone.countries:
        return
    if abroad:
        yield error(
            check,
            phrase("an international template: the vendor sends it to no mainland number"),
            phrase("set a mainland template for this purpose"),
        )
        return
    if template.kind not in _KINDS:
        yield warn(
            check,
            phrase("the vendor does not say that it is a template for codes"),
            phrase("look at it in the vendor's console"),
        )
        return
    yield error(
        check,
        phrase("it is {kind}, and not a template for codes", kind=_KINDS[template.kind]),
        phrase("set a template of the type 验证码 for this purpose"),
    )


def _text(check: str, config: Config, purpose: Purpose, text: str) -> Iterator[Item]:
    names = list(dict.fromkeys(VARIABLE.findall(text)))
    if names != [purpose.variable]:
        yield error(
            f"{check}.variables",
            phrase(
                "its variables are {found}, and {variable} is configured",
                found=", ".join(names) or "-",
                variable=purpose.variable,
            ),
            phrase("set the purpose's variable to the template's one variable"),
        )
    for finding in expiry(text, config.code.ttl):
        # Told too long, users come with codes that are gone; told too short, they hurry.
        late = float(str(finding.message.values["stated"])) > config.code.ttl
        level = error if late else warn
        hint = phrase("set code.ttl to what the users are told")
        yield level(f"{check}.expiry", finding.message, hint)
    if purpose.text and _plain(purpose.text) != _plain(text):
        yield warn(
            f"{check}.text",
            phrase("the vendor's text is another: {text}", text=text),
            phrase("copy it to the purpose's text: segments and price are counted from it"),
        )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
