"""The contract, "JSON": schemas, exact keys, and what stands behind them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.conftest import NOON, MakeHost
from tests.contract.names import today
from tests.contract.program import Host
from tests.contract.shapes import (
    DATE,
    MASKED,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    NUMBER,
    TIME,
    differences,
)
from tests.contract.vendor import Vendor

PHONE, IP = "13800138000", "203.0.113.7"
OVERRIDES = today("key", "overrides")

WHO = {"phone": MASKED, "purpose": "login"}
SENT = {
    "outcome": "sent",
    **WHO,
    "request_id": str,
    "message_id": str,
    "vendor_request_id": MAYBE_TEXT,
    "challenge": None,
    "expires_in_s": 300,
    "retry_after_s": 60,
}
REFUSED = {
    "outcome": "refused",
    "reason": "limit",
    "rule": "phone-minute",
    "retry_after_s": NUMBER,
    **WHO,
}
LIMIT = {
    "rule": str,
    "per": str,
    "window": str,
    "used": int,
    "max": int,
    "remaining": int,
    "retry_after_s": NUMBER,
}
FUSE = {
    "rule": "fuse",
    "used": 1,
    "max": 5000,
    "remaining": 4999,
    "percent": 0.02,
    "trips_at": None,
}
DAY = {
    "date": DATE,
    "sent": int,
    "rejected": int,
    "unknown": int,
    "pending": int,
    "verified": int,
    "refused": dict,
    "observed": dict,
}
# The contract's documents. What a line adds to the contract's keys ("besides") stays as well.
LIMIT_BESIDES = {"subject": MAYBE_TEXT, "mode": "enforce"}
FUSE_BESIDES = {"window": "day", "mode": "enforce"}
DAY_BESIDES = {"outage": int, "test": int}
IN_A_ROW = {"used": int, "max": 100}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "send": {**SENT, "message": str},
    "send refused": REFUSED,
    "sends": {"results": [REFUSED]},
    "verify": {"outcome": "verified", **WHO},
    "verify rejected": {
        "outcome": "rejected",
        "reason": "mismatch",
        "tries_left": 2,
        **WHO,
        "retry_after_s": None,
    },
    "limits": {
        "phone": MASKED,
        "ip": IP,
        "limits": [{**LIMIT, **LIMIT_BESIDES}],
        "codes": [{"purpose": "login", "expires_in_s": NUMBER, "tries_left": 2}],
        "wrong": {"used": 1, "max": 20},
        OVERRIDES: [],
    },
    "reset": {
        "cleared": [{"rule": str, "per": str, "used": int}],
        "dry_run": False,
        "codes": [],
        "wrong": 1,
    },
    "usage": {
        "timezone": NOON,
        "fuse": {**FUSE, **FUSE_BESIDES},
        "fuses": [{**FUSE, **FUSE_BESIDES}],
        "days": [{**DAY, **DAY_BESIDES}],
        today("key", "worst_case"): dict,
    },
    "usage --by": {
        "by": "purpose",
        "days": 1,
        "conversion": MAYBE_NUMBER,
        "refused_error": MAYBE_NUMBER,
        "refused_total": MAYBE_NUMBER,
        "rows": [
            {
                "purpose": "login",
                "sent": 1,
                "verified": 1,
                "conversion": NUMBER,
                "refused": int,
                "low_conversion": bool,
            }
        ],
    },
    "check": {
        "ok": bool,
        "items": [
            {
                "level": re.compile("ok|info|warn|error"),
                "check": str,
                "message": str,
                "hint": MAYBE_TEXT,
            }
        ],
    },
}
SCHEMAS = {"send refused": "send", "verify rejected": "verify", "usage --by": "usage_by"}
ERROR = {
    "code": str,
    "message": str,
    "hint": MAYBE_TEXT,
    "vendor_code": MAYBE_TEXT,
    "vendor_request_id": MAYBE_TEXT,
}


@pytest.fixture(scope="module")
def documents(make_host: MakeHost) -> dict[str, dict[str, Any]]:
    """Return one document of each kind, from one day at one host."""
    host = make_host()
    made = {"send": host.json("send", PHONE, "--ip", IP)}
    code = re.findall(r"\d{6}", made["send"]["message"])[0]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    made["send refused"] = host.json("send", PHONE)
    made["sends"] = host.json("send", PHONE, PHONE)
    made["verify rejected"] = host.json("verify", PHONE, wrong)
    made["limits"] = host.json("limits", "show", "--phone", PHONE, "--ip", IP)
    made["verify"] = host.json("verify", PHONE, code)
    made["usage"] = host.json("usage", "--days", "3")
    made["usage --by"] = host.json("usage", "--by", "purpose")
    made["reset dry"] = host.json("limits", "reset", "--phone", PHONE, "--dry-run")
    made["reset"] = host.json("limits", "reset", "--phone", PHONE, "--code", "--yes")
    made["limits after"] = host.json("limits", "show", "--phone", PHONE)
    made["check"] = host.json("config", "check")
    return made


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_document_has_exactly_these_keys(documents: dict[str, Any], kind: str) -> None:
    """A document has its schema, its keys, and values of these types."""
    schema = f"smsctl.{SCHEMAS.get(kind, kind)}/1"
    shape: dict[str, Any] = {"schema": schema, **DOCUMENTS[kind]}
    assert differences(documents[kind], shape) == []


def test_phone_is_masked_in_every_document(documents: dict[str, Any]) -> None:
    """No document holds a whole phone number."""
    assert PHONE not in str(documents)


def test_days_ascend_with_today_last(documents: dict[str, Any]) -> None:
    """`days` ascend, empty ones included, and the last one is today's."""
    days = documents["usage"]["days"]
    assert [day["date"] for day in days] == sorted({day["date"] for day in days})
    assert [day["sent"] for day in days] == [0, 0, 1]
    assert days[-1]["refused"] == {"phone-minute": 3}
    assert days[-1]["verified"] == 1


def test_usage_goes_back_ninety_days(host: Host) -> None:
    """Ninety days are kept, and `--days` goes as far."""
    assert len(host.json("usage", "--days", "90")["days"]) == 90
    assert host("usage", "--days", "91").code == 2


def test_every_rule_is_shown(documents: dict[str, Any]) -> None:
    """`limits show` has every rule, with what it counted of the subject."""
    used = {limit["rule"]: limit["used"] for limit in documents["limits"]["limits"]}
    expected = {"phone-minute": 1, "phone-hour": 1, "phone-day": 1, "ip-day": 1, "fuse": 1}
    assert expected.items() <= used.items()


def test_wrong_has_what_is_in_a_row(documents: dict[str, Any]) -> None:
    """`limits.wrong` has the wrong guesses since the last success, of at most 100."""
    assert differences(documents["limits"]["wrong"]["in_a_row"], IN_A_ROW) == []


def test_check_has_info_items(documents: dict[str, Any]) -> None:
    """What is neither wrong nor fine is `info`: a console gateway is no tick."""
    assert "info" in {item["level"] for item in documents["check"]["items"]}


def test_reset_without_a_change(documents: dict[str, Any]) -> None:
    """`--dry-run` shows what would be cleared, and clears nothing."""
    dry, done = documents["reset dry"], documents["reset"]
    assert (dry["dry_run"], done["dry_run"]) == (True, False)
    assert dry["cleared"] == done["cleared"] != []


def test_reset_with_the_code_clears_the_wrong_budget(documents: dict[str, Any]) -> None:
    """`limits reset --code` clears the phone's codes and its budget of wrong guesses as well."""
    after = documents["limits after"]
    assert (after["codes"], after["wrong"]["used"]) == ([], 0)
    assert [limit["used"] for limit in after["limits"] if limit["per"] == "phone"] == [0, 0, 0]


def test_error_document_is_on_stderr(bare: Host) -> None:
    """With `--json` an error is one document on stderr, and stdout stays empty."""
    ran = bare("send", "123", "--json")
    assert ran.out == ""
    assert differences(ran.error, {"schema": "smsctl.error/1", "error": ERROR}) == []
    assert ran.error["error"]["code"] == "invalid_phone"


def test_unknown_outcome_carries_what_the_caller_needs(make_host: MakeHost, vendor: Vendor) -> None:
    """The error of an unknown outcome names the send: the code may arrive."""
    vendor.answers = [None]
    text = (
        f"gateway: {{provider: aliyun, endpoint: '{vendor.url}', access_key_id: k,"
        f" access_key_secret: s}}\ncode: {{challenge: required}}\n"
    )
    ran = make_host(text)("send", PHONE, "--json", "--request-id", "r-1")
    assert ran.code == 75
    more = {"request_id": "r-1", "challenge": str, "expires_in_s": 300, "retry_after_s": 60}
    shape = {**ERROR, "code": "gateway_unknown", **more}
    assert differences(ran.error, {"schema": "smsctl.error/1", "error": shape}) == []


def test_time_is_rfc_3339_with_offset(host: Host) -> None:
    """Every time in a document is RFC 3339 with its offset."""
    host("pause", "--for", "1h", "--reason", "r")
    (pause,) = host.json(today("command", "overrides"))[OVERRIDES]
    assert differences(pause["since"], TIME) == []
    assert differences(pause["until"], TIME) == []
    (record,) = host.json("audit")["acts"]
    assert differences(record["at"], TIME) == []


def test_several_fuses_are_all_there(make_host: MakeHost) -> None:
    """`fuses` has every fuse, `fuse` the fullest, and both are empty where there is none."""
    rules = "{name: a, per: all, max: 100, window: day}, {name: b, per: all, max: 4, window: month}"
    host = make_host(f"limits: [{rules}]\n")
    host("send", PHONE)
    document = host.json("usage", "--days", "1")
    assert [(f["rule"], f["percent"]) for f in document["fuses"]] == [("a", 1.0), ("b", 25.0)]
    assert document["fuse"] == document["fuses"][1]
    none = make_host("limits: [{name: a, per: ip, max: 100, window: day}]\n").json("usage")
    assert (none["fuse"], none["fuses"]) == (None, [])


def test_limits_try_says_what_a_rule_would_have_refused(host: Host) -> None:
    """`limits try` replays the record: how many a rule would have refused, and what they cost."""
    host("send", PHONE, "13800138001")
    document = host.json("limits", "try", "--rule", "{name: a, per: all, max: 1, window: day}")
    row = {"rule": str, "would_refuse": 1, "verified_among": 0, "cost": object, "first": TIME}
    shape = {"schema": str, "since": TIME, "sends": 2, "verified": 0, "rules": [row]}
    assert differences(document, shape) == []


def test_breakdown_by_carrier_counts_receipts(host: Host) -> None:
    """`usage --by carrier` says how many of a carrier's messages arrived."""
    host("send", PHONE)
    (row,) = host.json("usage", "--by", "carrier")["rows"]
    assert {"carrier", "delivered", "receipts"} <= row.keys()


# Every other document: what is behind the command, and the keys that are there today.
OTHERS = {
    "why " + PHONE: "phone since complete_since receipts_unknown diagnosis entries",
    "events": "events",
    "watch --count 1": f"at silent_since rates refused_by refused_whole latency conversion fuses"
    f" {OVERRIDES} alerts hosts newest",
    "report": "at timezone fuse_max total cost days",
    "audit": "acts",
    today("command", "overrides"): f"{OVERRIDES} hosts",
    "alert list": "alerts",
    "config show": "path values missing",
    "store status": "running directory socket version pid uptime_s memory_bytes keys configured",
    "store acl": "user keys servers sentinels line",
    "config ram-policy": "policy",
    "explain 75": "matches",
    "lint sign 示例签名": "ok kind purpose text findings rewrite message segments price",
    "onboard": "steps",
    "usage --check": "code line",
    "usage -o prom": "text",
    "completion bash": "shell script",
    "deny list": OVERRIDES,
}


@pytest.fixture(scope="module")
def used(make_host: MakeHost) -> Host:
    """Return a host that sent once."""
    host = make_host()
    host("send", PHONE)
    return host


@pytest.mark.parametrize("command", OTHERS)
def test_other_document_keeps_its_keys(used: Host, command: str) -> None:
    """A document that the contract does not spell out has a schema, and loses no key."""
    document = used.json(*command.split())
    assert re.fullmatch(r"smsctl\.[a-z_]+/1", document["schema"])
    assert set(OTHERS[command].split()) <= document.keys()
