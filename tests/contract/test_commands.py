"""The contract, "Commands": every command of it, with its arguments and options."""

from __future__ import annotations

import importlib.metadata
import re

import pytest

from tests.contract.conftest import MakeHost
from tests.contract.names import today
from tests.contract.program import SMSCTL, Host

OVERRIDES = today("command", "overrides")

# What each command takes: its arguments, and the options that the contract names.
COMMANDS = {
    "send": ("PHONE...", "--purpose --ip --captcha-token --skip-captcha --request-id"),
    "verify": ("PHONE [CODE]", "--purpose --challenge"),
    "limits show": ("", "--phone --ip --purpose"),
    "limits reset": ("", "--phone --ip --fuse --code --reason --yes --dry-run"),
    "limits try": ("", "--rule --since"),
    "usage": ("", "--days --by --check -w -c --check-gateway --check-conversion -o --out"),
    "config init": ("[PATH]", ""),
    "config check": ("", "--online"),
    "config show": ("", ""),
    "config ram-policy": ("", ""),
    "store status": ("", ""),
    "store stop": ("", ""),
    "store acl": ("", ""),
    "demo": ("", ""),
    "completion": ("SHELL", ""),
    "help": ("[COMMAND...]", ""),
    "forget": ("PHONE", "--reason --yes --dry-run"),
    OVERRIDES: ("", ""),
    "receipts record": ("FILE", ""),
    "fuse raise": ("MAX", "--until --reason"),
    "fuse lower": ("", "--reason"),
    "deny add": ("WHO", "--for --dry-run --reason"),
    "deny remove": ("WHO", "--reason"),
    "deny list": ("", ""),
    "allow add": ("WHO", "--for --dry-run --reason"),
    "allow remove": ("WHO", "--reason"),
    "allow list": ("", ""),
    "pause": ("", "--purpose --reason"),
    "resume": ("[ID...]", "--reason"),
    "alert test": ("[CHANNEL]", ""),
    "alert run": ("", ""),
    "alert list": ("", ""),
    "audit": ("", "--since"),
    "why": ("PHONE", "--since"),
    "events": ("", "--since"),
    "watch": ("", ""),
    "report": ("", "--days"),
    "probe": ("PHONE...", "--check"),
    "reconcile": ("", "--days"),
    "onboard": ("", ""),
    "lint template": ("[TEXT]", ""),
    "lint sign": ("[NAME]", ""),
    "explain": ("[CODE...]", ""),
}
EVERYWHERE = {"--json", "-q", "--quiet", "-v", "--log-format", "--color", "--config"}
BREAKDOWNS = ("hour", "rule", "purpose", "country", "prefix", "network", "ip", "carrier")


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_there_with_its_arguments_and_options(bare: Host, command: str) -> None:
    """A command's own help names its arguments, its options, and those that every command takes."""
    arguments, options = COMMANDS[command]
    ran = bare(*command.split(), "--help", COLUMNS="200")
    assert (ran.code, ran.err) == (0, "")
    usage, body = ran.out.lstrip().split("\n", 1)
    assert usage.rstrip() == " ".join(f"Usage: smsctl {command} {arguments} [OPTIONS]".split())
    listed = re.findall(r"(?m)(?:^  |, )(--?[a-z][a-z-]*)", body)
    assert {*options.split(), *EVERYWHERE} <= set(listed)
    assert "text|json" in body
    assert "auto|always|never" in body


@pytest.fixture(scope="module")
def first_page(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the commands that `smsctl --help` lists."""
    page = Host(tmp_path_factory.mktemp("first"))("--help", COLUMNS="200").out
    return set(re.findall(r"(?m)^  ([a-z-]+)  ", page))


@pytest.mark.parametrize("word", sorted({command.split()[0] for command in COMMANDS}))
def test_first_page_lists(first_page: set[str], word: str) -> None:
    """`smsctl --help` lists every command."""
    assert word in first_page


@pytest.mark.parametrize("command", ["send", "limits show", ""])
def test_help_command_is_the_help_option(bare: Host, command: str) -> None:
    """`smsctl help X` shows what `smsctl X --help` shows."""
    asked = bare("help", *command.split())
    assert asked.code == 0
    assert asked.out == bare(*command.split(), "--help").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(bare: Host, shell: str) -> None:
    """`completion` prints the script of each shell, which calls smsctl back."""
    ran = bare("completion", shell)
    assert ran.code == 0
    assert "_SMSCTL_COMPLETE" in ran.out


@pytest.fixture(scope="module")
def page_of_usage(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the help of `usage`."""
    return Host(tmp_path_factory.mktemp("usage"))("usage", "--help", COLUMNS="200").out


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_usage_breaks_down_by(page_of_usage: str, by: str) -> None:
    """The help of `--by` names every subject of the contract."""
    (line,) = (line for line in page_of_usage.splitlines() if line.startswith("  --by"))
    assert today("by", by) in re.findall(r"\w+", line.split("  ", 2)[-1])


def test_breakdown_has_the_word_that_was_asked_for(host: Host) -> None:
    """`usage --by prefix` takes the word of `per: prefix`, and says it back."""
    prefix = today("by", "prefix")
    host("send", "13800138000")
    document = host.json("usage", "--by", prefix)
    assert document["by"] == prefix
    assert document["rows"][0][prefix] == "+861380013"


@pytest.mark.parametrize("word", ["prefix", "network"])
def test_rule_may_be_per(make_host: MakeHost, word: str) -> None:
    """`usage --by` and `per` have the same word for one subject."""
    host = make_host(f"limits: [{{name: r, per: {today('per', word)}, max: 5, window: day}}]\n")
    assert host.json("limits", "show")["limits"][0]["per"] == today("per", word)


@pytest.mark.parametrize(
    "command",
    [
        "pause --for 1h",
        "resume",
        "fuse raise 9000 --until midnight --yes",
        "fuse lower",
        "deny add 13800138000",
        "deny remove 13800138000",
        "allow add 13800138000",
        "allow remove 13800138000",
        "forget 13800138000 --yes",
    ],
)
def test_override_needs_a_reason(host: Host, command: str) -> None:
    """Without `--reason` an override is a usage error that names the option."""
    ran = host(*command.split(), "--json")
    assert ran.code == 2
    assert "--reason" in ran.error["error"]["message"]


def test_limits_reset_needs_no_reason(host: Host) -> None:
    """`--reason` is optional for `limits reset`, which leaves an audit record all the same."""
    assert host("limits", "reset", "--phone", "13800138000", "--yes").code == 0
    (record,) = host.json("audit")["acts"]
    assert record["what"].startswith("limits reset")


def test_skipping_the_captcha_is_recorded(make_host: MakeHost) -> None:
    """`send --skip-captcha` is an operator's act, and stands in the audit record."""
    host = make_host("captcha: {provider: turnstile, secret: 1x0000000000000000000000000000000AA}")
    assert host("send", "13800138000", "--skip-captcha").code == 0
    (record,) = host.json("audit")["acts"]
    assert record["what"].startswith("send")


def test_same_request_id_is_never_sent_twice(host: Host) -> None:
    """Within the code's life the same `--request-id` returns the stored outcome."""
    send = ("send", "13800138000", "--request-id", "order-4711")
    first, second = host.json(*send), host.json(*send)
    assert second["outcome"] == "sent"
    assert second["message_id"] == first["message_id"]
    assert host.json("limits", "show", "--phone", "13800138000")["limits"][0]["used"] == 1


def test_without_an_address_no_ip_rule_applies(make_host: MakeHost) -> None:
    """Without `--ip`, `ip` rules count nothing and refuse nothing."""
    host = make_host("limits: [{name: ip-day, per: ip, max: 1, window: day}]\n")
    phones = ("13800138000", "13800138001", "13800138002")
    assert host("send", *phones).code == 0
    assert host("send", "13800138003", "--ip", "203.0.113.7").code == 0
    assert host("send", "13800138004", "--ip", "203.0.113.7").code == 4


def test_state_directory_places_the_embedded_store(bare: Host) -> None:
    """`$SMSCTL_STATE_DIR` places the embedded store, and nothing of it is elsewhere."""
    state = bare.home / "elsewhere"
    bare.environ["SMSCTL_STATE_DIR"] = str(state)
    assert bare("send", "13800138000").code == 0
    assert bare.json("store", "status")["directory"] == str(state)
    assert [path.name for path in bare.home.iterdir()] == ["elsewhere"]


def test_demo_is_the_whole_main_job(bare: Host) -> None:
    """`demo` sends, verifies, refuses the used code and a second send, and leaves nothing."""
    ran = bare("demo")
    assert ran.code == 0
    commands = ("smsctl send", "smsctl verify", "smsctl usage")
    assert all(command in ran.out + ran.err for command in commands)
    assert list(bare.home.iterdir()) == []


def test_distribution_and_command_have_their_names() -> None:
    """The distribution is `smsctl-guard`; what it installs is the command and package `smsctl`."""
    distribution = importlib.metadata.distribution("smsctl-guard")
    assert [entry.name for entry in distribution.entry_points] == ["smsctl"]
    assert SMSCTL.is_file()
