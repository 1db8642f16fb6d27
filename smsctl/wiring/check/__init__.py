"""Everything that `config check` looks at: the file, the policy, the store, the vendors.

No item holds a secret, and the list is never cut short at the first error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from smsctl.config import Config, policy
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import ConfigError, Problem, StoreUnavailable
from smsctl.core.review import review
from smsctl.wiring.account import Told
from smsctl.wiring.check.item import Item, Level, ok
from smsctl.wiring.check.online import online_items
from smsctl.wiring.check.sdk import sdk_items
from smsctl.wiring.check.settings import embedded_items, is_real, settings_items
from smsctl.wiring.check.store import store_items, unreachable
from smsctl.wiring.parts import assemble
from smsctl.wiring.promises import promised, sentences

__all__ = ["Item", "Level", "check"]


def check(
    read: Callable[[], Config],
    *,
    environ: Mapping[str, str],
    ask: Callable[[Config], Told] | None = None,
) -> list[Item]:
    """Return everything that was looked at; asks the store, and starts it where it is embedded.

    `read` returns the configuration with its problems, or raises ConfigError where there is none to
    be read. `ask` asks the vendors, who are left alone without it.

    Where something is wrong with the configuration, its problems are the whole list: what it would
    mean, and which store, is not known.
    """
    try:
        config = read()
    except ConfigError as fault:
        return _problems(fault.problems)
    if config.problems:
        return _problems(config.problems)
    return [
        *settings_items(config, datetime.now(UTC)),
        *sdk_items(config),
        *_policy(config),
        *embedded_items(config),
        *_store(config, environ),
        *_online(config, ask),
    ]


def _policy(config: Config) -> list[Item]:
    found = [
        Item(each.level, each.check, each.message, each.hint) for each in review(policy(config))
    ]
    worst = promised(config)
    if worst.messages is None:
        return found  # said above, with what to do about it
    return found + [ok(f"promise.{name}", sentence) for name, sentence in sentences(worst).items()]


def _store(config: Config, environ: Mapping[str, str]) -> list[Item]:
    try:
        parts = assemble(config, environ=environ, blocking=True)
    except ConfigError as fault:
        return _problems(fault.problems)
    except StoreUnavailable as fault:
        return [unreachable(fault)]
    try:
        return list(store_items(parts, real=is_real(config)))
    finally:
        run_blocking(parts.close())


def _online(config: Config, ask: Callable[[Config], Told] | None) -> list[Item]:
    if ask is None:
        return []
    try:
        return list(online_items(config, ask(config)))
    except ConfigError:
        return []  # told with the parts above, which need the same


def _problems(problems: Sequence[Problem]) -> list[Item]:
    return [
        Item("error", problem.path or "config.file", problem.message, problem.hint)
        for problem in problems
    ]
