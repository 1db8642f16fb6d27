"""`smsctl store acl`: lines that a server takes, and that are enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smsctl import StoreUnavailable
from smsctl.store.health import health, load_scripts
from smsctl.store.rights import CLUSTER, GUARD, OPERATOR, SENTINEL, STRICT, STRICT_ALONE
from smsctl.testing import FakeCaptcha, FakeGateway
from tests.cli.desks import MakeDesk
from tests.guards import MakeBench
from tests.servers import PrivateServer, running
from tests.store.test_transport import POLICY, everything_it_does

WORD = "made-up"


@pytest.fixture
def closed(binary: Path, tmp_path: Path) -> Iterator[PrivateServer]:
    """Return a server of its own, on which a test makes users."""
    with running(binary, tmp_path) as server:
        yield server


def made(server: PrivateServer, line: str) -> None:
    """Give the line to the server as `redis-cli` does, and a password apart."""
    with server.client as client:
        client.execute_command(*line.split())
        client.execute_command("ACL", "SETUSER", line.split()[2], f">{WORD}")


def test_an_operators_line_lets_everything_be_done(
    make_desk: MakeDesk, make_bench: MakeBench, closed: PrivateServer, gateway: FakeGateway
) -> None:
    """The guard, operators and the check run under it."""
    made(closed, make_desk()("store", "acl", "--operator", "--user", "oncall").out)
    target = replace(closed.target, username="oncall", password=WORD)
    bench = make_bench(POLICY, gateway=gateway, captcha=(captcha := FakeCaptcha()), target=target)
    everything_it_does(bench, gateway, captcha)
    assert bench.ask(health(bench.connection, prefix="sms")).told
    assert bench.ask(load_scripts(bench.connection)) == 14


def test_a_guards_line_is_enough_for_the_guard_alone(
    make_desk: MakeDesk, make_bench: MakeBench, closed: PrivateServer, gateway: FakeGateway
) -> None:
    """It sends and verifies; usage is an operator's."""
    made(closed, make_desk()("store", "acl").out)
    target = replace(closed.target, username="smsctl", password=WORD)
    bench = make_bench(gateway=gateway, target=target)
    assert bench.send()
    assert bench.verify(gateway.sent[-1].code)
    with pytest.raises(StoreUnavailable, match="does not let this user"):
        bench.ask(bench.admin.usage(1))


def test_a_user_without_a_password_cannot_log_in(
    make_desk: MakeDesk, make_bench: MakeBench, closed: PrivateServer
) -> None:
    """The line opens nothing by itself, and says on stderr what is missing."""
    told = make_desk()("store", "acl")
    assert "ACL SETUSER smsctl >…" in told.err
    with closed.client as client:
        client.execute_command(*told.out.split())
    bench = make_bench(target=replace(closed.target, username="smsctl", password=""))
    with pytest.raises(StoreUnavailable):
        bench.send()


@pytest.mark.parametrize(
    ("url", "durability", "more", "sentinels"),
    [
        ("redis://h", "aof", [], []),
        ("rediss://h", "strict", ["wait", "role"], []),
        (
            "redis+sentinel://h/service",
            "strict",
            ["wait"],
            ["sentinel|get-master-addr-by-name", "sentinel|replicas"],
        ),
        ("rediss+cluster://h", "aof", ["cluster|nodes", "asking"], []),
    ],
)
def test_rights_follow_the_kind_of_store(
    make_desk: MakeDesk, url: str, durability: str, more: list[str], sentinels: list[str]
) -> None:
    """A cluster, sentinels and `strict` take a few more; keys are those of the prefix."""
    desk = make_desk(f"store: {{prefix: otp, durability: {durability}}}\n")
    document = desk("store", "acl", "--json", SMSCTL_STORE__URL=url).document
    assert document["schema"] == "smsctl.store_acl/1"
    assert document["servers"][len(GUARD) :] == more
    assert document["sentinels"] == sentinels
    assert " ~{otp}:* " in document["line"]


def test_sentinels_have_a_line_of_their_own(make_desk: MakeDesk) -> None:
    """They hold no keys; where there are none, that is a usage error."""
    there = make_desk()("store", "acl", "--sentinels", SMSCTL_STORE__URL="redis+sentinel://h/s")
    assert there.out.split()[-2:] == ["+sentinel|get-master-addr-by-name", "+sentinel|replicas"]
    assert "~" not in there.out
    assert make_desk()("store", "acl", "--sentinels").code == 2


@pytest.mark.parametrize("name", ["", "two words", "a\nb", "x" * 65, "default"])
def test_a_user_has_a_plain_name(make_desk: MakeDesk, name: str) -> None:
    """What a server would read as something else is refused, and who needs no password."""
    assert make_desk()("store", "acl", "--user", name).code == 2


def test_the_page_names_each_right() -> None:
    """Its table is the lists that the command prints, in their order."""
    page = Path(__file__).parents[2] / "docs" / "configure.md"
    told = page.read_text("utf-8").replace("\\|", "|")
    lines = (GUARD, OPERATOR, CLUSTER, SENTINEL)
    assert [" ".join(each) for each in lines if f"`{' '.join(each)}`" not in told] == []
    assert all(f"`{right}`" in told for right in STRICT + STRICT_ALONE)
    assert "info script|load" in told
    assert "config|get" in told
