"""Every surface by its name, opened with what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from tests.fuzz import (
    account,
    answers,
    damage,
    documents,
    readers,
    replies,
    reviews,
    strangers,
    vendors,
    wire,
)
from tests.fuzz.surface import Surface

SURFACES: Mapping[str, Callable[[], AbstractContextManager[Surface]]] = {
    "readers": lambda: nullcontext(readers.surface()),
    "reviews": lambda: nullcontext(reviews.surface()),
    "guard-ledger": strangers.over_ledger,
    "guard-server": strangers.over_server,
    "configuration": documents.surface,
    "turnstile-answers": lambda: nullcontext(answers.turnstile()),
    "aliyun-answers": lambda: nullcontext(answers.aliyun()),
    "account-answers": lambda: nullcontext(account.surface()),
    "vendors-http": vendors.surface,
    "redis-replies": lambda: nullcontext(replies.surface()),
    "redis-wire": wire.surface,
    "damaged-store": damage.surface,
}
