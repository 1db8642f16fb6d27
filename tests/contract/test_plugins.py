"""The contract, "Exit codes": monitoring plugins, which know 0 to 3 and nothing else."""

from __future__ import annotations

import re

import pytest

from tests.contract.conftest import MakeHost
from tests.contract.program import Host

FIVE = "limits: [{name: fuse, per: all, max: 5, window: day}]\n"
PHONES = tuple(f"1380013800{n}" for n in range(4))
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
# Of a fuse of five, four are sent. The options, the code: thresholds in percent, reached counts.
LEVELS = [
    ("-w 81", 0),
    ("", 1),
    ("-w 50 -c 81", 1),
    ("-w 50 -c 80", 2),
    ("-w 90 -c 80", 3),
    ("-w x", 3),
]


@pytest.fixture(scope="module")
def sent(make_host: MakeHost) -> Host:
    """Return a host that sent four of a fuse of five."""
    host = make_host(FIVE)
    assert host("send", *PHONES).code == 0
    return host


@pytest.mark.parametrize(("options", "code"), LEVELS)
def test_usage_check_is(sent: Host, options: str, code: int) -> None:
    """One line with perfdata, and a code of 0 to 3 by the percent of the fullest fuse."""
    ran = sent("usage", "--check", *options.split())
    assert ran.code == code
    assert ran.out.startswith(f"SMSCTL {STATES[code]} - ")
    assert ran.out.count("\n") == 1
    if code < 3:
        assert re.search(r"\| 'fuse'=4;[0-9.]+;[0-9.]+;0;5\n$", ran.out)


@pytest.mark.parametrize(
    ("plugin", "text", "environ"),
    [
        ("--check", "code: {length: 9}\n", {}),
        ("--check", "", {"SMSCTL_STORE__URL": "unix:///nonexistent/socket"}),
        ("--check-gateway", "", {"SMSCTL_STORE__URL": "unix:///nonexistent/socket"}),
        ("--check-conversion", "code: {length: 9}\n", {}),
    ],
)
def test_fault_is_unknown(
    make_host: MakeHost, plugin: str, text: str, environ: dict[str, str]
) -> None:
    """Errors of configuration and store are 3, and one line says which."""
    ran = make_host(text)("usage", plugin, **environ)
    assert ran.code == 3
    assert ran.out.startswith("SMSCTL UNKNOWN - ")
    assert ran.out.count("\n") == 1


def test_no_fuse_is_unknown(make_host: MakeHost) -> None:
    """Where no rule is a fuse there is nothing to be sure of."""
    host = make_host("limits: [{name: ip, per: ip, max: 5, window: day}]\n")
    assert host("usage", "--check").code == 3


def test_plugin_codes_are_the_same_with_json(sent: Host) -> None:
    """With `--json` the code is the same, and stands in the document."""
    ran = sent("usage", "--check", "--json")
    assert (ran.code, ran.document["code"]) == (1, 1)


# What `usage -o prom` gives to Prometheus.
METRICS = (
    "smsctl_up",
    "smsctl_sends_total",
    "smsctl_verified_total",
    "smsctl_test_total",
    "smsctl_outage_total",
    "smsctl_pending",
    "smsctl_refused_total",
    "smsctl_fuse_used",
    "smsctl_fuse_max",
    "smsctl_fuse_ratio",
    "smsctl_conversion_ratio",
    "smsctl_last_success_timestamp_seconds",
    "smsctl_collected_timestamp_seconds",
)


def test_textfile_has_these_metrics(sent: Host) -> None:
    """`usage -o prom --out FILE` writes the metrics into the file, in place of what was there."""
    file = sent.write("before", place="smsctl.prom")
    assert sent("usage", "-o", "prom", "--out", str(file)).code == 0
    metrics = re.findall(r"(?m)^# TYPE (\w+)", file.read_text())
    assert set(METRICS) <= set(metrics)
