"""Invariant 3: what a refund returns, and where it finds nothing to return."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from smsctl.core.admin import Standing
from smsctl.core.blocking import run_blocking
from smsctl.core.ledger import Ledger
from smsctl.core.policy import Policy
from smsctl.core.ports import LimitExceeded, NewCode, Reserved, Settlement
from smsctl.testing import Clock
from tests.histories import everything, guess, new_code, redis_store, request, rule
from tests.servers import PrivateServer

REJECTED = Settlement(state="rejected")


@dataclass
class Side:
    """The model or the real store, under one clock."""

    store: Any
    admin: Any
    clock: Clock

    def reserve(self, code: NewCode, **more: Any) -> Any:
        return run_blocking(self.store.reserve(request(**more), code))

    def settle(self, code: NewCode, settlement: Settlement, **more: Any) -> None:
        run_blocking(self.store.settle(request(**more), code, settlement))

    def reset(self, *, codes: bool = False) -> None:
        run_blocking(self.admin.reset(everything(), codes=codes))

    def used(self, name: str) -> int:
        standing: Standing = run_blocking(self.admin.show(everything()))
        return next(level.used for level in standing.levels if level.rule == name)


RULES = (
    rule("phone-hour", "phone", 2, "1h"),
    rule("ip-day", "ip", 2, "day"),
    rule("fuse", "all", 3, "month"),
)


@pytest.fixture(params=["model", "server"])
def side(request: pytest.FixtureRequest, server: PrivateServer) -> Iterator[Side]:
    """Return a store under RULES, standing still at noon."""
    policy, clock = replace(Policy(), rules=RULES), Clock()
    if request.param == "model":
        ledger = Ledger(policy, clock=clock)
        yield Side(ledger, ledger, clock)
        return
    store, admin, connection = redis_store(server.target, policy, clock)
    yield Side(store, admin, clock)
    run_blocking(connection.close())


def levels(side: Side) -> list[int]:
    return [side.used(name) for name in ("phone-hour", "ip-day", "fuse")]


def test_a_rejection_returns_the_quota_once(side: Side) -> None:
    """A settlement that arrives twice refunds once."""
    first, second = new_code(1), new_code(2)
    side.reserve(first)
    side.reserve(second)
    side.settle(first, REJECTED)
    side.settle(first, REJECTED)
    assert levels(side) == [1, 1, 1]


@pytest.mark.parametrize("state", ["sent", "unknown"])
def test_only_a_rejection_returns_quota(side: Side, state: Any) -> None:
    """A sent and an unknown message keep theirs, whatever is said later."""
    code = new_code(1)
    side.reserve(code)
    side.settle(code, Settlement(state=state))
    side.settle(code, REJECTED)
    assert levels(side) == [1, 1, 1]


def test_another_attempts_settlement_changes_nothing(side: Side) -> None:
    """Only the call that reserved may settle."""
    side.reserve(new_code(1))
    side.settle(new_code(1, attempt="b"), REJECTED)
    assert levels(side) == [1, 1, 1]


@pytest.mark.parametrize(
    ("blame", "used"), [("account", [0, 0, 0]), ("phone", [1, 0, 0]), ("number", [0, 1, 0])]
)
def test_who_is_to_blame_keeps_its_rules_used(side: Side, blame: Any, used: list[int]) -> None:
    """A throttled phone keeps its own; bad numbers are bounded by who sends them."""
    code = new_code(1)
    side.reserve(code)
    side.settle(code, Settlement(state="rejected", blame=blame))
    assert levels(side) == used


def test_a_late_refund_does_not_reach_the_next_window(side: Side) -> None:
    """A unit of yesterday is not given to today."""
    side.clock.set("2026-11-30T23:59:59+08:00")
    late = new_code(1)
    side.reserve(late)
    side.clock.advance(2)
    side.reserve(new_code(2))
    side.settle(late, REJECTED)
    assert levels(side) == [1, 1, 1]


def test_a_late_refund_does_not_reach_past_a_reset(side: Side) -> None:
    """Not even where the clock has not moved between the two sends."""
    late = new_code(1)
    side.reserve(late)
    side.reset()
    assert levels(side) == [0, 0, 0]
    side.reserve(new_code(2))
    side.settle(late, REJECTED)
    assert levels(side) == [1, 1, 1]


def test_a_reset_is_not_undone_by_a_clock_that_stands(side: Side) -> None:
    """After a reset the full quota is there, and no more than it."""
    for number in range(2):
        side.reserve(new_code(number))
    side.reset()
    answers = [side.reserve(new_code(10 + number)) for number in range(3)]
    assert [type(answer) for answer in answers] == [Reserved, Reserved, LimitExceeded]


def test_a_refund_after_codes_were_cleared_still_returns_quota(side: Side) -> None:
    """Clearing codes ends them; it does not lose what a rejection returns."""
    code = new_code(1)
    side.reserve(code)
    run_blocking(side.admin.reset(replace(everything(), phone="phone-1"), codes=True))
    assert run_blocking(side.store.verify(guess(1))).result == "missing"
    side.reserve(new_code(2))
    side.settle(new_code(2), REJECTED)
    assert levels(side) == [0, 0, 0]


def test_a_verified_code_was_delivered(side: Side) -> None:
    """A gateway that rejects what has verified is not believed: quota and count stay."""
    code = new_code(1)
    side.reserve(code)
    assert run_blocking(side.store.verify(guess(1))).result == "verified"
    side.settle(code, REJECTED)
    assert levels(side) == [1, 1, 1]
    (today,) = run_blocking(side.admin.usage(1))
    assert {name: n for name, n in today.outcomes.items() if n} == {"unknown": 1, "verified": 1}


@pytest.fixture
def stored(server: PrivateServer) -> Iterator[Side]:
    """Return the real store alone: the model keeps no keys."""
    clock = Clock()
    store, admin, connection = redis_store(server.target, replace(Policy(), rules=RULES), clock)
    yield Side(store, admin, clock)
    run_blocking(connection.close())


def of_limits(server: PrivateServer) -> set[str]:
    """Return the keys of limits, without their subjects."""
    with server.client as client:
        names = [key.decode().removeprefix("{sms}:") for key in client.scan_iter()]
    kinds = {"phone", "ip:day", "all:month"}
    return {name.rpartition(":")[0] for name in names} & kinds


def test_a_refund_that_empties_a_counter_deletes_it(stored: Side, server: PrivateServer) -> None:
    """Invariant 5: what costs nothing leaves no key for each phone."""
    first, second = new_code(1), new_code(2)
    stored.reserve(first)
    stored.reserve(second)
    stored.settle(first, REJECTED)
    assert of_limits(server) == {"phone", "ip:day", "all:month"}
    stored.settle(second, REJECTED)
    assert of_limits(server) == set()


def test_an_empty_counter_that_carries_a_reset_stays(stored: Side, server: PrivateServer) -> None:
    """Invariant 3: else a refund from before the reset would find a count like its own."""
    early, late = new_code(1), new_code(2)
    stored.reserve(early)
    stored.reset()
    stored.reserve(late)
    stored.settle(late, REJECTED)
    assert of_limits(server) == {"phone", "ip:day", "all:month"}
    stored.reserve(new_code(3))
    stored.settle(early, REJECTED)
    assert levels(stored) == [1, 1, 1]


def test_a_settlement_creates_no_key(side: Side, server: PrivateServer) -> None:
    """Invariant 4: after everything is gone, a late settlement writes nothing."""
    code = new_code(1)
    side.reserve(code)
    with server.client as client:
        client.flushall()
        side.settle(code, REJECTED)
        assert client.dbsize() == 0
