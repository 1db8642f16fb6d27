"""The scripts and the model, driven through the same random histories."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    run_state_machine_as_test,
)
from hypothesis.stateful import (
    rule as step,
)

from smsctl.core.blocking import run_blocking
from smsctl.core.ledger import Ledger
from smsctl.core.policy import CodePolicy, Policy
from smsctl.core.ports import NewCode, Request, Settlement
from smsctl.core.rules import Rule
from smsctl.testing import Clock
from tests.histories import everything, guess, new_code, redis_store, request, rule
from tests.servers import PrivateServer, redis_62, running

PURPOSES = ("login", "pay")
POLICIES: dict[str, tuple[Rule, ...]] = {
    "defaults": Policy().rules,
    "small": (
        rule("phone-minute", "phone", 1, "60s"),
        rule("phone-hour", "phone", 3, "1h"),
        rule("ip-hour", "ip", 2, "1h"),
        rule("ip-day", "ip", 3, "day"),
        rule("fuse", "all", 5, "day"),
        rule("fuse-month", "all", 9, "month"),
    ),
    "every subject": (
        rule("prefix-hour", "prefix", 2, "1h"),
        rule("country-day", "country", 6, "day"),
        rule("purpose-day", "purpose", 4, "day"),
        rule("login-phone", "phone", 2, "10m", only_purpose="login"),
        rule("cn-fuse", "all", 7, "day", only_country="CN"),
        rule("pay-fuse", "all", 2, "day", only_purpose="pay"),
        rule("watched", "ip", 2, "1h", mode="observe"),
        rule("watched-fuse", "all", 3, "day", mode="observe"),
    ),
    "no rules": (),
}
CODES = (
    CodePolicy(),
    CodePolicy(tries=1, live=1, wrong_max=3, wrong_window=600.0),
    CodePolicy(tries=2, live=3, ttl=600.0, wrong_max=5),
)
SECONDS = st.one_of(
    st.integers(0, 5),
    st.sampled_from([59, 60, 61, 300, 599, 600, 3599, 3600, 3601]),
    st.integers(0, 7200),
    st.sampled_from([12 * 3600, 24 * 3600 - 1, 24 * 3600, 25 * 3600, 3 * 24 * 3600]),
    st.sampled_from([-1, -4, -6, -120, -3600]),
)


class Histories(RuleBasedStateMachine):
    """Everything that can happen to one store, told to the model as well."""

    server: PrivateServer

    @initialize(
        rules=st.sampled_from(sorted(POLICIES)),
        code=st.sampled_from(CODES),
        start=st.sampled_from(["2026-11-23T12:00:00+08:00", "2026-12-31T23:58:30+08:00"]),
    )
    def begin(self, rules: str, code: CodePolicy, start: str) -> None:
        self.clock = Clock(start)
        policy = Policy(rules=POLICIES[rules], code=code, outage_max=2)
        self.model = Ledger(policy, clock=self.clock)
        with self.server.client as client:
            client.flushall()
        self.store, self.admin, self.connection = redis_store(
            self.server.target, policy, self.clock
        )
        self.made: list[tuple[Request, NewCode]] = []
        self.restarts = 0

    def teardown(self) -> None:
        if hasattr(self, "connection"):
            run_blocking(self.connection.close())

    def both(self, method: str, *arguments: Any) -> None:
        real = run_blocking(getattr(self.store, method)(*arguments))
        expected = run_blocking(getattr(self.model, method)(*arguments))
        assert real == expected

    @step(
        phone=st.integers(1, 3),
        ip=st.one_of(st.none(), st.integers(1, 2)),
        purpose=st.sampled_from(PURPOSES),
        challenge=st.sampled_from([None, b"c" * 16]),
        kind=st.sampled_from(["plain"] * 6 + ["outage", "test"]),
    )
    def reserve(
        self, phone: int, ip: int | None, purpose: str, challenge: bytes | None, kind: str
    ) -> None:
        asked = request(phone, ip, purpose=purpose, outage=kind == "outage", test=kind == "test")
        code = new_code(len(self.made), challenge=challenge)
        self.made.append((asked, code))
        self.both("look", asked, code.request_id)
        self.both("reserve", asked, code)

    @step(back=st.integers(0, 4), attempt=st.sampled_from(["a", "b"]))
    def reserve_again(self, back: int, attempt: str) -> None:
        if back < len(self.made):
            asked, code = self.made[-1 - back]
            self.both("look", request(9), code.request_id)
            self.both("reserve", request(9, 2), replace(code, attempt="elsewhere"))
            repeated = NewCode(
                request_id=code.request_id,
                attempt=attempt,
                digest=code.digest,
                challenge=code.challenge,
            )
            self.both("look", asked, code.request_id)
            self.both("reserve", asked, repeated)

    @step(
        back=st.integers(0, 4),
        state=st.sampled_from(["sent", "rejected", "rejected", "unknown"]),
        blame=st.sampled_from(["account", "phone", "number"]),
    )
    def settle(self, back: int, state: Any, blame: Any) -> None:
        if back < len(self.made):
            asked, code = self.made[-1 - back]
            settlement = Settlement(
                state=state,
                blame=blame,
                message_id="m" if state == "sent" else None,
                vendor_code="isv.X" if state == "rejected" else None,
            )
            self.both("settle", asked, code, settlement)

    @step(
        back=st.integers(0, 5),
        phone=st.integers(1, 3),
        purpose=st.sampled_from(PURPOSES),
        challenge=st.sampled_from([None, b"c" * 16, b"d" * 16]),
        right=st.booleans(),
    )
    def verify(
        self, back: int, phone: int, purpose: str, challenge: bytes | None, right: bool
    ) -> None:
        number = len(self.made) - 1 - back if right else 10**9
        if right and 0 <= number < len(self.made):
            asked, _ = self.made[number]
            phone, purpose = int(asked.phone.removeprefix("phone-")), asked.purpose
        self.both(
            "verify", guess(max(0, number), phone=phone, purpose=purpose, challenge=challenge)
        )

    @step(reason=st.sampled_from(["captcha", "country"]), phone=st.integers(1, 3))
    def turn_away(self, reason: str, phone: int) -> None:
        self.both("turn_away", request(phone), reason)

    @step(phone=st.integers(1, 3), ip=st.integers(1, 2), codes=st.booleans())
    def reset(self, phone: int, ip: int, codes: bool) -> None:
        selection = everything(phone, ip, *PURPOSES)
        run_blocking(self.admin.reset(selection, codes=codes))
        run_blocking(self.model.reset(selection, codes=codes))

    @step(seconds=SECONDS)
    def pass_time(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @step()
    def forget_scripts(self) -> None:
        with self.server.client as client:
            client.script_flush()

    @precondition(lambda self: self.restarts < 2)
    @step()
    def restart(self) -> None:
        """A kill loses nothing that was acknowledged."""
        self.restarts += 1
        self.server.restart()

    @invariant()
    def agree(self) -> None:
        """Whatever is shown is the same."""
        if not hasattr(self, "clock"):
            return
        selection = everything(1, 1, *PURPOSES)
        real = run_blocking(self.admin.show(selection))
        expected = run_blocking(self.model.show(selection))
        assert list(real.levels) == list(expected.levels)
        assert list(real.codes) == list(expected.codes)
        assert real.wrong == expected.wrong

    @invariant()
    def nothing_lasts(self) -> None:
        """Invariant 4: every key has an expiry."""
        with self.server.client as client:
            for key in client.scan_iter():
                assert client.pttl(key) > 0, key


@pytest.mark.parametrize("kind", ["embedded", "redis 6.2"])
def test_the_scripts_mean_what_the_model_says(kind: str, binary: Path, tmp_path: Path) -> None:
    """Invariants 1 to 4, 7 and 11 over random histories: the server and the model agree."""
    with running(
        binary if kind == "embedded" else redis_62(),
        tmp_path,
        *("--appendonly", "yes", "--appendfsync", "no", "--aof-use-rdb-preamble", "no"),
    ) as server:
        machine = type("Histories", (Histories,), {"server": server})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=60 if kind == "embedded" else 25,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )
