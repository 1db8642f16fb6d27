"""`onboard` in every output mode, and `--watch` without waiting for any clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from smsctl.cli.commands.onboard import command as module
from tests.cli.desk import Desk
from tests.fakes.account import SIGN, TEMPLATE, carrier, sign, template
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, FakeAliyun
from tests.servers import PrivateServer
from tests.wiring.online import Online

MakePauses = Callable[..., list[float]]


@pytest.fixture
def desk(aliyun: FakeAliyun, tmp_path: Path, server: PrivateServer) -> Desk:
    """A desk whose vendor is the fake."""
    online = Online(aliyun, tmp_path)
    online.config()
    return Desk(
        {
            "SMSCTL_CONFIG": str(online.file),
            "SMSCTL_STORE__URL": server.url,
            "NO_COLOR": "1",
            "COLUMNS": "100",
        }
    )


@pytest.fixture
def make_pauses(monkeypatch: pytest.MonkeyPatch) -> MakePauses:
    """Return a maker of pauses: at each, the next of these acts happens in place of time."""

    def make(*acts: Callable[[], object]) -> list[float]:
        made: list[float] = []
        left = list(acts)

        def pause(seconds: float) -> None:
            made.append(seconds)
            left.pop(0)()

        monkeypatch.setattr(module, "pause", pause)
        return made

    return make


def test_it_tells_each_step_in_each_output_mode(desk: Desk, aliyun: FakeAliyun) -> None:
    """One document, one table, one checklist; what is to be done is no error."""
    told = desk("onboard", "--json")
    assert (told.code, told.document["schema"]) == (0, "smsctl.onboard/1")
    found = {step["step"]: step for step in told.document["steps"]}
    assert found["signature"] == {
        "step": "signature",
        "state": "done",
        "since": "2026-11-16T11:00:00+08:00",
        "message": "approved",
        "next": {"command": None, "page": None},
    }
    assert found["test-send"] == {
        "step": "test-send",
        "state": "todo",
        "since": None,
        "message": "send one to your own number, and verify it",
        "next": {"command": "smsctl send PHONE", "page": None},
    }
    rows = desk("onboard").table
    assert {row["step"]: row["state"] for row in rows} == {
        name: step["state"] for name, step in found.items()
    }
    shown = desk("onboard", terminal=True).out
    assert "✓ 2  Signature (done): approved\n" in shown
    assert shown.endswith("\n5 of 7 done; next: Captcha\n")
    assert aliyun.submitted == []


def test_a_refusal_is_8_and_waiting_is_0(desk: Desk, aliyun: FakeAliyun) -> None:
    """Cron may tell them apart."""
    aliyun.account.signs[SIGN] = sign(0)
    assert desk("onboard", "--json").code == 0
    aliyun.account.signs[SIGN] = sign(2, AuditInfo={"RejectInfo": "证件不符"})
    told = desk("onboard", "--json", SMSCTL_LANG="zh")
    assert (told.code, told.document["steps"][1]["message"]) == (8, "未通过审核：证件不符")


def test_it_works_without_a_vendor(tmp_path: Path, aliyun: FakeAliyun) -> None:
    """The newcomer's first look: what comes first, and no server is started for it."""
    file = tmp_path / "config.yaml"
    file.touch()
    fresh = Desk({"SMSCTL_CONFIG": str(file), "SMSCTL_STATE_DIR": str(tmp_path / "state")})
    told = fresh("onboard", terminal=True, NO_COLOR="1")
    assert told.code == 0
    assert "1  Qualification (to do): apply for it" in told.out
    assert "https://dysms.console.aliyun.com/domestic/text/qualification" in told.out
    assert "smsctl config ram-policy" in told.out
    assert told.out.endswith("1 of 7 done; next: Qualification\n")
    assert (aliyun.heard, (tmp_path / "state").exists()) == ([], False)


def test_a_store_that_is_not_there_leaves_one_step_unknown(desk: Desk) -> None:
    """The vendor's part is told all the same."""
    told = desk("onboard", "--json", SMSCTL_STORE__URL="redis://127.0.0.1:1/0")
    states = {step["step"]: step["state"] for step in told.document["steps"]}
    assert (told.code, states["test-send"], states["signature"]) == (0, "unknown", "done")


@pytest.mark.parametrize("columns", ["40", "80", "120"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
def test_it_fits_any_terminal(desk: Desk, aliyun: FakeAliyun, columns: str, encoding: str) -> None:
    """Sentences are folded; what is to be copied is in one piece."""
    aliyun.account.signs[SIGN] = sign(0)
    told = desk("onboard", terminal=True, encoding=encoding, COLUMNS=columns)
    assert "\\u" not in told.out
    words = [line for line in told.out.splitlines() if "https:" not in line]
    assert max(map(len, words)) <= int(columns)


# --watch


def test_watch_ends_when_nothing_waits(
    desk: Desk, aliyun: FakeAliyun, make_pauses: MakePauses
) -> None:
    """Pending, still pending, approved while the carriers register, registered."""
    aliyun.account.signs[SIGN] = sign(0)
    registering = sign(SignIspRegisterDetailList=[carrier("mobile", -1)])
    pauses = make_pauses(
        lambda: None,
        lambda: aliyun.account.signs.update({SIGN: registering}),
        lambda: aliyun.account.signs.update({SIGN: sign()}),
    )
    told = desk("onboard", "--watch")
    assert pauses == [300.0, 300.0, 300.0]
    signature = [row for row in told.table if row["step"] == "signature"]
    assert [(row["state"], row["message"]) for row in signature] == [
        ("waiting", "under review since 2026-11-16 09:30"),
        ("waiting", "approved, and being registered with China Mobile"),
        ("done", "approved"),
    ]
    assert (told.code, len(told.table)) == (0, 7 + 2)


def test_watch_tells_a_rejection_by_its_exit_code(
    desk: Desk, aliyun: FakeAliyun, make_pauses: MakePauses
) -> None:
    """One document at the end; 8."""
    aliyun.account.templates[TEMPLATE] = template("0")
    refused = template("2", AuditInfo={"RejectInfo": "缺少用途"})
    make_pauses(lambda: aliyun.account.templates.update({TEMPLATE: refused}))
    told = desk("onboard", "--watch", "--interval", "10m", "--json")
    assert (told.code, told.document["steps"][2]["message"]) == (8, "login: rejected: 缺少用途")


def test_watch_without_anything_to_wait_for_ends_at_once(
    desk: Desk, make_pauses: MakePauses
) -> None:
    """It is the plain list, once, in each mode."""
    pauses = make_pauses()
    assert desk("onboard", "--watch").table == desk("onboard").table
    plain = desk("onboard", terminal=True)
    assert desk("onboard", "--watch", terminal=True).out == plain.out
    assert pauses == []


def test_watch_outlasts_a_vendor_that_is_gone_for_a_while(
    desk: Desk, aliyun: FakeAliyun, make_pauses: MakePauses
) -> None:
    """What waited and cannot be asked about is still waited for."""
    aliyun.account.signs[SIGN] = sign(0)

    def back() -> None:
        aliyun.account.signs[SIGN] = sign()

    pauses = make_pauses(lambda: aliyun.script(*["reset"] * 4), back)
    told = desk("onboard", "--watch", "--json")
    assert (pauses, told.document["steps"][1]["state"]) == ([300.0, 300.0], "done")


def test_watch_on_a_terminal_shows_the_list_then_what_changes(
    desk: Desk, aliyun: FakeAliyun, make_pauses: MakePauses
) -> None:
    """And the whole list at the end."""
    aliyun.account.signs[SIGN] = sign(0)
    make_pauses(lambda: aliyun.account.signs.update({SIGN: sign()}))
    told = desk("onboard", "--watch", terminal=True)
    assert told.out.count("Signature (waiting for the vendor)") == 1
    assert told.out.count("Signature (done)") == 2
    assert told.out.count("Qualification (done)") == 2
    assert "waiting for: Signature; asked every 5 min" in told.err


def test_ctrl_c_ends_a_watch_with_130(
    desk: Desk, aliyun: FakeAliyun, make_pauses: MakePauses
) -> None:
    """The lines that were told stay."""
    aliyun.account.signs[SIGN] = sign(0)

    def interrupted() -> None:
        raise KeyboardInterrupt

    make_pauses(interrupted)
    told = desk("onboard", "--watch")
    assert (told.code, len(told.table)) == (130, 7)


@pytest.mark.parametrize("interval", ["5", "1s", "2d", "soon", "-5m"])
def test_an_interval_that_is_none_is_a_usage_error(
    desk: Desk, aliyun: FakeAliyun, interval: str
) -> None:
    """The vendor is not asked."""
    assert desk("onboard", "--watch", f"--interval={interval}").code == 2
    assert desk("onboard", "--interval", "5m").code == 2
    assert aliyun.heard == []


def test_no_output_holds_the_key(desk: Desk, aliyun: FakeAliyun) -> None:
    """Invariant 8: in no mode, and with the loudest log."""
    aliyun.account.denied["SendSms"] = "gateway"
    for more, terminal in ((["--json"], False), ([], False), (["-vv"], True)):
        told = desk("onboard", *more, terminal=terminal)
        assert "dysms:SendSms" in told.out
        for secret in (ACCESS_KEY_ID, ACCESS_KEY_SECRET):
            assert secret not in told.out + told.err
