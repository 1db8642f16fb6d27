"""`config check --online` and `config ram-policy`, in every output mode."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.fakes.account import SIGN, sign
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, FakeAliyun
from tests.servers import PrivateServer
from tests.wiring.online import Online

READS = [
    "dysms:GetSmsSign",
    "dysms:GetSmsTemplate",
    "dysms:QuerySmsQualificationRecord",
    "dysms:QuerySmsSignList",
    "dysms:QuerySmsTemplateList",
    "dysms:QuerySendDetails",
    "dysms:QuerySendStatistics",
]


@pytest.fixture
def desk(aliyun: FakeAliyun, tmp_path: Path, server: PrivateServer) -> Desk:
    """A desk whose vendor is the fake."""
    online = Online(aliyun, tmp_path)
    online.config()
    return Desk({"SMSCTL_CONFIG": str(online.file), "SMSCTL_STORE__URL": server.url})


def test_nobody_is_asked_without_online(desk: Desk, aliyun: FakeAliyun) -> None:
    """A check is for every deployment; the vendor need not be there."""
    items = desk("config", "check", "--json").document["items"]
    assert aliyun.heard == []
    assert not [item for item in items if item["check"].startswith("online.")]


def test_online_adds_the_vendors_words(desk: Desk, aliyun: FakeAliyun) -> None:
    """In each output mode, under ids of their own; nothing is sent."""
    told = desk("config", "check", "--online", "--json")
    items = {item["check"]: item for item in told.document["items"]}
    assert items["online.sign"] == {
        "level": "ok",
        "check": "online.sign",
        "message": "approved",
        "hint": None,
    }
    asked = {check for check in items if check.startswith("online.")}
    rows = {row["check"] for row in desk("config", "check", "--online").table}
    assert asked <= rows
    shown = desk("config", "check", "--online", terminal=True, NO_COLOR="1").out
    assert all(f"{check}: " in shown for check in asked)
    assert aliyun.submitted == []


def test_what_the_vendor_refuses_is_78(desk: Desk, aliyun: FakeAliyun) -> None:
    """With its reason and its remedy, in Chinese, too."""
    aliyun.account.signs[SIGN] = sign(2, AuditInfo={"RejectInfo": "证件不符\x1b[2J"})
    told = desk("config", "check", "--online", "--json", SMSCTL_LANG="zh")
    (item,) = (each for each in told.document["items"] if each["check"] == "online.sign")
    assert (told.code, item["level"]) == (78, "error")
    assert item["message"] == "未通过审核：证件不符\\x1b[2J"
    assert "smsctl onboard" in item["hint"]


def test_a_file_that_cannot_be_read_asks_nobody(desk: Desk, aliyun: FakeAliyun) -> None:
    """What it would mean is not known."""
    Path(desk.environ["SMSCTL_CONFIG"]).write_text(
        "code: {tires: 3, secret: sixteen-bytes-and-more}", encoding="utf-8"
    )
    told = desk("config", "check", "--online", "--json")
    assert ([item["check"] for item in told.document["items"]], told.code) == (["code.tires"], 78)
    assert aliyun.heard == []


def test_no_output_holds_the_key(desk: Desk, aliyun: FakeAliyun) -> None:
    """Invariant 8: in no mode, and with the loudest log."""
    aliyun.account.denied["SendSms"] = "gateway"
    for more, terminal in ((["--json"], False), ([], False), (["-vv"], True)):
        told = desk("config", "check", "--online", *more, terminal=terminal)
        assert "dysms:SendSms" in told.out
        for secret in (ACCESS_KEY_ID, ACCESS_KEY_SECRET):
            assert secret not in told.out + told.err


# ram-policy


def test_the_policy_can_be_handed_to_ram(desk: Desk) -> None:
    """Plain it is the policy itself; with --json it is one of our documents."""
    policy = json.loads(desk("config", "ram-policy").out)
    assert policy == {
        "Version": "1",
        "Statement": [
            {"Effect": "Allow", "Action": ["dysms:SendSms", *READS], "Resource": "*"},
        ],
    }
    told = desk("config", "ram-policy", "--json").document
    assert told == {"schema": "smsctl.ram-policy/1", "policy": policy}


def test_a_backend_needs_less(desk: Desk) -> None:
    """It sends; it does not look."""
    policy = json.loads(desk("config", "ram-policy", "--send-only").out)
    assert policy["Statement"][0]["Action"] == ["dysms:SendSms"]


def test_alibabas_captcha_adds_its_actions(desk: Desk, aliyun: FakeAliyun, tmp_path: Path) -> None:
    """Those of the system policy that its pages ask for."""
    Online(aliyun, tmp_path).config("captcha: {provider: aliyun, scene_id: s}")
    policy = json.loads(desk("config", "ram-policy", "--send-only").out)
    assert policy["Statement"][0]["Action"] == ["dysms:SendSms", "yundun-afs:*", "afs:*"]


def test_the_policy_grants_what_was_asked(desk: Desk, aliyun: FakeAliyun) -> None:
    """Every action that a check calls is in it."""
    desk("config", "check", "--online")
    granted = json.loads(desk("config", "ram-policy").out)["Statement"][0]["Action"]
    assert {f"dysms:{action}" for action in aliyun.account.asked} <= set(granted)
