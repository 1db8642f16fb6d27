"""Invariant 10: a reply that is lost is asked for again, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from smsctl import GatewayRejected, GatewayUnknown, Sent, StoreUnavailable
from smsctl.core.history import Admitted, Settled
from smsctl.core.overrides import Override
from smsctl.core.overrides import Target as Whom
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.core.ports import Accepted, Message, NewCode, Request, Reserved, Store, Unclear
from smsctl.store.scripts import script
from smsctl.store.target import Target
from smsctl.testing import Declined, FakeCaptcha, FakeGateway
from tests.guards import IP, Bench, MakeBench
from tests.histories import everything, rule
from tests.proxies import Proxy, proxied
from tests.servers import PrivateServer, running

RULES = (rule("phone", "phone", 2, "1h"), rule("fuse", "all", 2, "day"))


@pytest.fixture
def proxy(server: PrivateServer, tmp_path: Path) -> Iterator[Proxy]:
    """Return a proxy before the server, which has seen every script."""
    with server.client as client:
        for name in ("look", "reserve", "settle", "verify", "refuse"):
            client.script_load(script(name).text)
    with proxied(server.path, tmp_path) as running:
        yield running


@pytest.fixture
def behind(make_bench: MakeBench, proxy: Proxy, gateway: FakeGateway) -> Bench:
    """Return a guard that speaks through the proxy."""
    return make_bench(
        replace(Policy(), rules=RULES),
        gateway=gateway,
        captcha=FakeCaptcha(),
        target=Target(scheme="unix", path=str(proxy.path)),
    )


def used(bench: Bench) -> list[int]:
    name = bench.keyring.name("phone", "+8613800138000")
    standing = bench.ask(bench.admin.show(replace(everything(), phone=name)))
    return [level.used for level in standing.levels]


@pytest.mark.parametrize("lost", ["reserve", "settle"])
def test_a_lost_reply_of_a_reservation_is_asked_for_again(
    behind: Bench, proxy: Proxy, gateway: FakeGateway, lost: str
) -> None:
    """The send succeeds, the quota is consumed once, the gateway is called once."""
    proxy.lose_next(script(lost).sha.encode())
    assert isinstance(behind.send(captcha_token="t"), Sent)
    assert used(behind) == [1, 1]
    assert len(gateway.sent) == 1
    asked = [request for request in proxy.requests if script(lost).sha.encode() in request]
    assert len(asked) == 2
    assert behind.verify(gateway.sent[0].code)


def test_a_lost_reply_of_a_refund_refunds_once(
    behind: Bench, proxy: Proxy, gateway: FakeGateway
) -> None:
    """The second settlement finds the first one done."""
    assert behind.send(captcha_token="t")
    gateway.replies = [Declined(explanation=Phrase("no"))]
    proxy.lose_next(script("settle").sha.encode())
    with pytest.raises(GatewayRejected):
        behind.send(captcha_token="t")
    assert used(behind) == [1, 1]


def test_a_lost_look_sends_nothing(behind: Bench, proxy: Proxy, gateway: FakeGateway) -> None:
    """Before anything is reserved a fault is a fault; asking again is the caller's to do."""
    proxy.lose_next(script("look").sha.encode())
    with pytest.raises(StoreUnavailable):
        behind.send(captcha_token="t", request_id="r")
    assert gateway.sent == []
    assert behind.send(captcha_token="t", request_id="r")
    assert len(gateway.sent) == 1


@pytest.mark.parametrize("right", [True, False])
def test_a_lost_verdict_is_not_asked_for_again(
    behind: Bench, proxy: Proxy, gateway: FakeGateway, *, right: bool
) -> None:
    """Invariant 2: one guess is one try, whether or not its answer arrived."""
    behind.send(captcha_token="t")
    code = gateway.sent[0].code
    typed = code if right else f"{(int(code) + 1) % 10**6:06}"
    proxy.lose_next(script("verify").sha.encode())
    with pytest.raises(StoreUnavailable):
        behind.verify(typed)
    after = behind.verify(typed)
    assert (after.reason, after.tries_left) == (("missing", 0) if right else ("mismatch", 1))  # type: ignore[union-attr]


def test_a_store_that_stays_lost_leaves_the_answer_standing(
    behind: Bench, proxy: Proxy, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    """When settle fails after the gateway accepted, the answer is Sent, and a warning says so."""
    proxy.drop = lambda request: script("settle").sha.encode() in request
    assert isinstance(behind.send(captcha_token="t"), Sent)
    assert "the store did not take it" in caplog.text
    assert used(behind) == [1, 1]


def test_a_refund_that_never_arrives_is_told(
    make_bench: MakeBench, server: PrivateServer, gateway: FakeGateway
) -> None:
    """After a rejection, a store that cannot be reached is said to have kept the quota."""

    class Deaf:
        def __init__(self, real: object) -> None:
            self.reserve = real.reserve  # type: ignore[attr-defined]

        async def settle(self, *_: object) -> None:
            raise StoreUnavailable("gone")

    gateway.replies = [Declined(explanation=Phrase("no"), hint=Phrase("top up"))]
    bench = make_bench(gateway=gateway, store=Deaf)
    with pytest.raises(GatewayRejected) as caught:
        bench.send()
    assert "the quota stays used" in str(caught.value.hint)


def test_forgotten_scripts_cost_one_more_command(
    behind: Bench, server: PrivateServer, gateway: FakeGateway
) -> None:
    """NOSCRIPT says that nothing was executed: the script is sent whole, once."""
    with server.client as client:
        client.script_flush()
        assert behind.send(captcha_token="t")
        client.script_flush()
        assert behind.verify(gateway.sent[0].code)
    assert used(behind) == [1, 1]
    assert len(gateway.sent) == 1


@pytest.fixture
def hasty(make_bench: MakeBench, proxy: Proxy, gateway: FakeGateway) -> Bench:
    """Return a guard behind the proxy that waits for an answer for a third of a second."""
    target = Target(scheme="unix", path=str(proxy.path), timeout=0.3)
    return make_bench(replace(Policy(), rules=RULES), gateway=gateway, target=target)


def test_a_reservation_whose_reply_never_comes_is_never_sent(
    hasty: Bench, proxy: Proxy, gateway: FakeGateway
) -> None:
    """Invariant 3: out of time is not asked again; the quota counts, and so does the request id."""
    proxy.swallow = lambda request: script("reserve").sha.encode() in request
    with pytest.raises(StoreUnavailable, match="did not answer in time"):
        hasty.send(request_id="r")
    assert len(proxy.requests) == 1
    proxy.swallow = lambda _: False
    hasty.await_answer()
    with pytest.raises(GatewayUnknown):
        hasty.send(request_id="r")
    assert gateway.sent == []
    assert used(hasty) == [1, 1]


def test_a_settlement_whose_reply_never_comes_leaves_the_answer_standing(
    hasty: Bench, proxy: Proxy, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    """The message is on its way, whatever the store says of it; and it was settled once."""
    proxy.swallow = lambda request: script("settle").sha.encode() in request
    assert isinstance(hasty.send(), Sent)
    assert "the store did not take it" in caplog.text
    assert len(proxy.requests) == 2
    hasty.await_answer()
    assert hasty.verify(gateway.sent[0].code)


def test_a_verdict_that_never_comes_is_one_try(
    hasty: Bench, proxy: Proxy, gateway: FakeGateway
) -> None:
    """Invariant 2: a guess that ran out of time was counted once, and told as no verdict."""
    hasty.send()
    code = gateway.sent[0].code
    wrong = f"{(int(code) + 1) % 10**6:06}"
    proxy.swallow = lambda request: script("verify").sha.encode() in request
    with pytest.raises(StoreUnavailable, match="did not answer in time"):
        hasty.verify(wrong)
    proxy.swallow = lambda _: False
    hasty.await_answer()
    assert hasty.verify(wrong).tries_left == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_store_that_dies_during_the_gateways_call(
    make_bench: MakeBench,
    binary: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    *,
    accepted: bool,
) -> None:
    """Invariant 3: accepted is Sent; rejected says that the quota was not returned."""

    class Fatal(FakeGateway):
        async def submit(self, message: Message) -> Accepted | Declined | Unclear:
            server.process.kill()
            server.process.wait()
            return await super().submit(message)

    gateway = Fatal([] if accepted else [Declined(explanation=Phrase("no"))])
    with running(binary, tmp_path) as server:
        bench = make_bench(gateway=gateway, target=server.target)
        if accepted:
            assert isinstance(bench.send(), Sent)
        else:
            with pytest.raises(GatewayRejected) as caught:
                bench.send()
            assert "the quota stays used" in str(caught.value.hint)
    assert "the store did not take it" in caplog.text


def test_each_decision_is_one_request(behind: Bench, proxy: Proxy, gateway: FakeGateway) -> None:
    """Invariant 6: what goes over the wire for each step is one command, and nothing before it."""
    behind.send(captcha_token="t")
    behind.verify(gateway.sent[0].code)
    names = ["look", "reserve", "settle", "verify"]
    asked = [
        next(name for name in names if script(name).sha.encode() in request)
        for request in proxy.requests
    ]
    assert asked == names
    assert all(request.count(b"EVALSHA") == 1 for request in proxy.requests)
    proxy.requests.clear()
    behind.send(captcha_token="t")
    assert not behind.send(captcha_token="t")
    assert len(proxy.requests) == 4  # a refusal is one look


# An operator's override in between


class Interrupted:
    """A store whose first reservation is made and its reply lost, while an operator acts."""

    def __init__(self, real: Store) -> None:
        self.real = real
        self.overrides: list[Override] = []
        self.bench: Bench | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def reserve(self, request: Request, code: NewCode) -> Any:
        answer = await self.real.reserve(request, code)
        if self.overrides and self.bench and isinstance(answer, Reserved):
            given, self.overrides = self.overrides, []
            assert await self.bench.overrides.write(given, before=b"")
            raise StoreUnavailable("lost", reply_lost=True)
        return answer


def override(bench: Bench, kind: Any, **more: Any) -> Override:
    now = bench.clock()
    return Override(
        id="1",
        kind=kind,
        until=now + 600,
        since=now,
        reason="",
        author="",
        **more,
    )


@pytest.fixture
def interrupted(make_bench: MakeBench, gateway: FakeGateway) -> tuple[Interrupted, Bench]:
    """Return the store and the guard over it."""
    stores: list[Interrupted] = []

    def wrapped(real: Store) -> Store:
        stores.append(Interrupted(real))
        return cast(Store, stores[0])

    bench = make_bench(replace(Policy(), rules=RULES), gateway=gateway, store=wrapped)
    stores[0].bench = bench
    return stores[0], bench


@pytest.mark.parametrize("kind", ["raise", "pause", "allow"])
def test_an_override_between_a_lost_reply_and_its_repetition_reserves_nothing_twice(
    interrupted: tuple[Interrupted, Bench], gateway: FakeGateway, kind: str
) -> None:
    """What was reserved before it was given stands: sent once, counted once."""
    store, bench = interrupted
    name = bench.keyring.name("phone", "+8613800138000")
    whom = Whom(kind="phone", value=name, shown="x")
    more: dict[str, dict[str, Any]] = {
        "raise": {"rule": "fuse", "max": 90},
        "pause": {},
        "allow": {"target": whom},
    }
    store.overrides = [override(bench, kind, **more[kind])]
    assert isinstance(bench.send(), Sent)
    assert (used(bench), len(gateway.sent)) == ([1, 1], 1)
    events = bench.ask(bench.history.events("2026-11-23")).events
    assert [type(event) for event in events] == [Admitted, Settled]


def test_a_rejection_returns_all_though_an_override_was_given_meanwhile(
    interrupted: tuple[Interrupted, Bench], gateway: FakeGateway
) -> None:
    """To the rules that it was taken from, which no longer apply to the phone."""
    store, bench = interrupted
    name = bench.keyring.name("phone", "+8613800138000")
    store.overrides = [override(bench, "allow", target=Whom(kind="phone", value=name, shown="x"))]
    gateway.replies = [Declined(explanation=Phrase("no"), vendor_code="isv.X")]
    with pytest.raises(GatewayRejected):
        bench.send()
    assert used(bench) == [0, 0]


def test_a_repeated_id_is_told_its_outcome_though_sending_is_paused(
    make_bench: MakeBench, gateway: FakeGateway
) -> None:
    """A guard that knows of the pause tells what was, and nothing else is let through."""
    bench = make_bench(replace(Policy(), rules=RULES), gateway=gateway)
    first = bench.send(request_id="override-1")
    assert bench.ask(bench.overrides.write([override(bench, "pause")], before=b""))
    assert bench.send("13900139000", ip=IP).reason == "paused"  # type: ignore[union-attr]
    again = bench.send(request_id="override-1")
    assert isinstance(first, Sent)
    assert isinstance(again, Sent)
    assert again.message_id == first.message_id
    assert len(gateway.sent) == 1
    assert bench.send("13900139000", ip=IP, request_id="override-2").reason == "paused"  # type: ignore[union-attr]
