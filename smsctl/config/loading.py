"""From the file and the environment to a configuration, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from smsctl.config.alerts import Alerts, alerts
from smsctl.config.checks import check
from smsctl.config.entries import DEFAULT_PURPOSES, MOST_ENTRIES, PURPOSE, purposes, test_numbers
from smsctl.config.environment import variable, variables
from smsctl.config.intake import Intake
from smsctl.config.leaves import Leaf, Node, leaves, sections
from smsctl.config.limits import DEFAULT_LIMITS, check_tracks, limits
from smsctl.config.model import Config
from smsctl.config.needs import ORDER, Needs, rank
from smsctl.config.places import Found, find, searched
from smsctl.config.readers import name, zone
from smsctl.config.sections import Address, Captcha, Code, Gateway, PhoneNumbers, Store
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.phrase import phrase

_SECTIONS: Mapping[str, type] = {
    "gateway": Gateway,
    "captcha": Captcha,
    "store": Store,
    "code": Code,
    "phone": PhoneNumbers,
    "address": Address,
    "alerts": Alerts,
}
_DEFAULT_PURPOSE = Leaf(read=name, default="login")
_TIMEZONE = Leaf(read=zone, default="Asia/Shanghai")


def load(
    path: Path | str | None = None,
    *,
    environ: Mapping[str, str],
    defaults: bool = False,
    needs: Needs | None = None,
) -> Config:
    """Return the configuration of the first file found: `path`, `$SMSCTL_CONFIG`, the user's, /etc.

    Where there is none, the defaults if `defaults` says so, or if the environment names a gateway:
    a backend that misses its file must not send to a console. Raises ConfigError with every
    problem that concerns what is needed, and without `needs` with all; the others stay in
    `problems`. Nothing is written and nothing connected.
    """
    found = find(path, environ)
    if found is None:
        if not defaults and variable("gateway.provider") not in environ:
            raise _nowhere(environ)
        config = _read(None, None, Intake(environ))
    else:
        # The YAML library costs 9 ms, and without a file there is nothing to read.
        from smsctl.config.document import parse  # noqa: PLC0415

        root, problems = parse(found.written, str(found.path))
        config = _read(found, root, Intake(environ, problems=problems))
    if needs is None and config.problems:
        raise ConfigError(*config.problems)
    config.require(needs or "nothing")
    return config


def _read(found: Found | None, root: Node, intake: Intake) -> Config:
    top = intake.mapping(root, "", ORDER)
    named = top.get("purposes", DEFAULT_PURPOSES)
    intake.variables, unknown = variables(intake.environ, _overridable(named))
    intake.problems += unknown
    captcha = intake.section(Captcha, top.get("captcha"), "captcha")
    known = intake.entries(purposes, top, "purposes", DEFAULT_PURPOSES)
    timezone = intake.value(_TIMEZONE, top, "timezone", "timezone")
    code = intake.section(Code, top.get("code"), "code")
    config = Config(
        gateway=intake.section(Gateway, top.get("gateway"), "gateway"),
        purposes=known,
        default_purpose=intake.value(_DEFAULT_PURPOSE, top, "default_purpose", "default_purpose"),
        captcha=captcha,
        store=intake.section(Store, top.get("store"), "store"),
        code=code,
        phone=intake.section(PhoneNumbers, top.get("phone"), "phone"),
        address=intake.section(Address, top.get("address"), "address"),
        test_numbers=intake.entries(
            test_numbers, top, "test_numbers", [], zone=timezone, length=code.length
        ),
        limits=intake.entries(limits, top, "limits", DEFAULT_LIMITS, purposes=known),
        alerts=alerts(intake, top.get("alerts")),
        timezone=timezone,
        path=found.path if found else None,
        overridden=any("." in path for path in intake.variables),
        settings=tuple(sorted(intake.settings, key=lambda each: rank(each.path))),
    )
    check(config, intake)
    check_tracks(intake, config.limits, purposes=known, outage=captcha.on_outage == "allow")
    if found and found.open_to_others:
        _check_mode(found.path, intake)
    problems = sorted(intake.problems, key=lambda each: rank(each.path))
    return replace(config, problems=tuple(problems))


def _check_mode(path: Path, intake: Intake) -> None:
    for secret in intake.literal_secrets:
        intake.problem(
            secret,
            phrase("is a secret in a file that others can read"),
            phrase("chmod 600 {file}, or write ${{NAME}} and set it in the environment", file=path),
        )


def _overridable(named: Node) -> list[str]:
    paths = [path for key, kind in _SECTIONS.items() for path in _paths(kind, key)]
    paths += ["default_purpose", "timezone"]
    if isinstance(named, dict) and len(named) <= MOST_ENTRIES:
        paths += [f"purposes.{each}.{key}" for each in named for key in PURPOSE]
    return paths


def _paths(kind: type, path: str) -> list[str]:
    """Return the paths of every leaf of a section."""
    inner = sections(kind).items()
    below = [each for key, value in inner for each in _paths(value, f"{path}.{key}")]
    return [f"{path}.{key}" for key in leaves(kind)] + below


def _nowhere(environ: Mapping[str, str]) -> ConfigError:
    places = ", ".join(map(str, searched(environ)))
    return ConfigError(
        Problem(
            "",
            phrase("there is no configuration file: looked for {places}", places=places),
            phrase("write one: smsctl config init"),
        )
    )
