"""What must hold between values that are right each on its own."""

from __future__ import annotations

import re

from smsctl.config.intake import Intake
from smsctl.config.model import Config
from smsctl.core.phrase import NOTHING, Phrase, phrase

_VARIABLES = {
    "gateway.access_key_id": "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "gateway.access_key_secret": "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "captcha.secret": "TURNSTILE_SECRET",
}
"""What the defaults refer to."""

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


def check(config: Config, intake: Intake) -> None:
    """Note everything that contradicts."""
    _gateway(config, intake)
    _captcha(config, intake)
    _purposes(config, intake)
    _secret(config, intake)


def _gateway(config: Config, intake: Intake) -> None:
    gateway = config.gateway
    if not gateway.endpoint:
        _note(intake, "gateway.endpoint", phrase("is empty"), phrase("write dysmsapi.aliyuncs.com"))
    if any(bracket in gateway.sign_name for bracket in "【】"):
        _note(
            intake,
            "gateway.sign_name",
            phrase("has brackets of its own: the vendor adds them"),
            phrase("write the signature without 【】"),
        )
    if gateway.provider != "aliyun":
        return
    _keys(config, intake, "gateway.provider")
    if not gateway.sign_name:
        _absent(intake, "gateway.sign_name", "gateway.provider")
    for name, purpose in config.purposes.items():
        if not purpose.template:
            _absent(intake, f"purposes.{name}.template", "gateway.provider")


def _captcha(config: Config, intake: Intake) -> None:
    match config.captcha.provider:
        case "turnstile" if not config.captcha.secret:
            _absent(intake, "captcha.secret", "captcha.provider")
        case "aliyun":
            if config.gateway.provider != "aliyun":  # else said already
                _keys(config, intake, "captcha.provider")
            if not config.captcha.scene_id:
                _absent(intake, "captcha.scene_id", "captcha.provider")
        case _:
            pass


def _purposes(config: Config, intake: Intake) -> None:
    if config.purposes and config.default_purpose not in config.purposes:
        _note(
            intake,
            "default_purpose",
            phrase("there is no such purpose"),
            phrase("configured are: {purposes}", purposes=", ".join(config.purposes)),
        )
    for name, purpose in config.purposes.items():
        if intake.broken(f"purposes.{name}.variable"):
            continue
        if purpose.text and set(_PLACEHOLDER.findall(purpose.text)) != {purpose.variable}:
            _note(
                intake,
                f"purposes.{name}.text",
                phrase(
                    "has not exactly the variable {variable}", variable=f"${{{purpose.variable}}}"
                ),
                phrase("copy the template's words from the vendor's console"),
            )


def _secret(config: Config, intake: Intake) -> None:
    if config.store.url != "embedded" and not config.code.secret:
        _note(
            intake,
            "code.secret",
            phrase("is needed unless the store is embedded: codes are kept as keyed digests"),
            phrase("make one with openssl rand -hex 32, the same on every host: SMSCTL_SECRET"),
            missing=True,
        )


def _keys(config: Config, intake: Intake, because: str) -> None:
    if not config.gateway.access_key_id:
        _absent(intake, "gateway.access_key_id", because)
    if not config.gateway.access_key_secret:
        _absent(intake, "gateway.access_key_secret", because)


def _absent(intake: Intake, path: str, because: str) -> None:
    name = _VARIABLES.get(path)
    hint = phrase("set {name} in the environment: the default reads it", name=name)
    message = phrase("is needed: {because} asks for it", because=because)
    _note(intake, path, message, hint if name else NOTHING, missing=True, because=because)


def _note(
    intake: Intake,
    path: str,
    message: Phrase,
    hint: Phrase = NOTHING,
    *,
    missing: bool = False,
    because: str = "",
) -> None:
    """Keep the problem, unless the value could not be read: its operator knows already."""
    if not intake.broken(path):
        intake.problem(path, message, hint, missing=missing, because=because)
