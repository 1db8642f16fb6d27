"""The vendors' libraries: imported when a guard opens, and nothing is sent where they break."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from smsctl import AsyncGuard, ConfigError, Guard, Sent, open_async_guard, open_guard
from smsctl.config import load
from smsctl.vendors.libraries import HTTP, SDK
from smsctl.wiring.check import check
from tests.cli.desk import Desk
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, FakeAliyun
from tests.servers import PrivateServer

PHONE = "13800138000"
FAULTS = [
    ("alibabacloud_tea_openapi.utils.Utils.get_timestamp", DeprecationWarning("utcnow() is going")),
    ("alibabacloud_dysmsapi20170525.client.Client.send_sms_with_options", AttributeError("x")),
    ("darabonba.core.DaraCore.do_action", SystemError("error return without exception set")),
]
Opening = Callable[..., Guard | AsyncGuard]
Send = Callable[[], object]


@pytest.fixture
def environ(server: PrivateServer, aliyun: FakeAliyun) -> dict[str, str]:
    return {
        "HOME": "/nonexistent",
        "SMSCTL_STORE__URL": server.url,
        "SMSCTL_SECRET": "a-secret-of-this-host-alone",
        "SMSCTL_GATEWAY__PROVIDER": "aliyun",
        "SMSCTL_GATEWAY__SIGN_NAME": "阿猫",
        "SMSCTL_GATEWAY__ACCESS_KEY_ID": ACCESS_KEY_ID,
        "SMSCTL_GATEWAY__ACCESS_KEY_SECRET": ACCESS_KEY_SECRET,
        "SMSCTL_GATEWAY__ENDPOINT": aliyun.url,
        "SMSCTL_CAPTCHA__ENDPOINT": aliyun.url,
        "SMSCTL_CAPTCHA__SCENE_ID": "scene",
    }


@pytest.fixture
def opening(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Opening:
    """Return what opens a guard of either face under this environment, with changes."""

    def opened(face: str, **changes: str) -> Guard | AsyncGuard:
        for name, value in (environ | changes).items():
            monkeypatch.setenv(name, value)
        return (open_guard if face == "sync" else open_async_guard)(defaults=True)

    return opened


@pytest.fixture(params=["sync", "async"])
def make_send(request: pytest.FixtureRequest, opening: Opening) -> Iterator[Callable[..., Send]]:
    """Return what opens a guard, and returns how it sends to one phone under default limits."""
    guards: list[Guard | AsyncGuard] = []
    with asyncio.Runner() as runner:

        def finished(call: Any) -> Any:
            return runner.run(call) if asyncio.iscoroutine(call) else call

        def make(**changes: str) -> Send:
            guard = opening(request.param, **changes)
            guards.append(guard)
            return lambda: finished(guard.send(PHONE, ip="203.0.113.7", captcha_token="token"))

        yield make
        for guard in guards:
            finished(guard.close())


@pytest.mark.parametrize(("path", "error"), FAULTS, ids=lambda one: str(one).rpartition(".")[2])
def test_a_send_that_the_sdk_breaks_takes_no_quota(
    make_send: Callable[..., Send], aliyun: FakeAliyun, path: str, error: Exception
) -> None:
    """Nothing was written: the error says what broke, and the phone may ask again at once."""
    send = make_send()
    with broken(path, error), pytest.raises(ConfigError, match=type(error).__name__) as raised:
        send()
    assert raised.value.problems[0].path == "gateway.sdk"
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert aliyun.heard == []
    assert isinstance(send(), Sent)
    assert len(aliyun.submitted) == 1


@pytest.mark.parametrize(("path", "error"), FAULTS[::2], ids=str)
def test_a_captcha_that_the_sdk_breaks_lets_nobody_through(
    make_send: Callable[..., Send], aliyun: FakeAliyun, path: str, error: Exception
) -> None:
    """Our own fault is no outage of the vendor's, whatever `on_outage` allows."""
    send = make_send(SMSCTL_CAPTCHA__PROVIDER="aliyun", SMSCTL_CAPTCHA__ON_OUTAGE="allow")
    with broken(path, error), pytest.raises(ConfigError, match=type(error).__name__) as raised:
        send()
    assert raised.value.problems[0].path == "captcha.sdk"
    assert aliyun.heard == []
    assert isinstance(send(), Sent)
    assert len(aliyun.checked) == len(aliyun.submitted) == 1


@pytest.mark.parametrize("face", ["sync", "async"])
@pytest.mark.parametrize(
    "missing",
    [
        ("alibabacloud_dysmsapi20170525.client", {}, ["gateway.sdk"]),
        (
            "darabonba.runtime",
            {"SMSCTL_CAPTCHA__PROVIDER": "aliyun"},
            ["gateway.sdk", "captcha.sdk"],
        ),
        (
            "alibabacloud_tea_openapi.client",
            {"SMSCTL_GATEWAY__PROVIDER": "console", "SMSCTL_CAPTCHA__PROVIDER": "aliyun"},
            ["captcha.sdk"],
        ),
        (
            "certifi",
            {
                "SMSCTL_GATEWAY__PROVIDER": "console",
                "SMSCTL_CAPTCHA__PROVIDER": "turnstile",
                "SMSCTL_CAPTCHA__SECRET": "0x4AAA",
            },
            ["captcha.sdk"],
        ),
    ],
)
def test_no_guard_opens_without_its_libraries(
    opening: Opening,
    monkeypatch: pytest.MonkeyPatch,
    face: str,
    missing: tuple[str, dict[str, str], list[str]],
) -> None:
    """A backend learns it when it starts, and not from its users."""
    module, changes, paths = missing
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match="ModuleNotFoundError") as raised:
        opening(face, **changes)
    assert [problem.path for problem in raised.value.problems] == paths


def test_a_guard_needs_the_libraries_of_its_own_vendors_alone(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console gateway opens where no SDK is."""
    for module in (*SDK, *HTTP):
        monkeypatch.setitem(sys.modules, module, None)
    opening("sync", SMSCTL_GATEWAY__PROVIDER="console").close()


_OPENED = """
import json, sys
from smsctl import open_async_guard, open_guard
(open_guard if sys.argv[1] == "sync" else open_async_guard)(defaults=True)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("face", ["sync", "async"])
@pytest.mark.parametrize(("provider", "loaded"), [("aliyun", True), ("console", False)])
def test_opening_a_guard_imports_the_sdk(
    environ: dict[str, str], face: str, provider: str, *, loaded: bool
) -> None:
    """So that processes forked afterwards share it; with the console gateway it stays away."""
    ran = subprocess.run(
        [sys.executable, "-c", _OPENED, face],
        env=environ | {"SMSCTL_GATEWAY__PROVIDER": provider},
        capture_output=True,
        check=True,
    )
    modules = set(json.loads(ran.stdout))
    assert {name in modules for name in SDK} == {loaded}


# The command line


@pytest.mark.parametrize("mode", ["text", "json"])
def test_send_says_what_broke_and_exits_78(
    environ: dict[str, str], aliyun: FakeAliyun, mode: str
) -> None:
    """One error with type and reason, and no second line that says the same."""
    desk = Desk(environ)
    with broken(*FAULTS[0]):
        told = desk("send", PHONE, *(["--json"] if mode == "json" else []))
    assert told.code == 78
    lines = [line for line in told.err.splitlines() if "DeprecationWarning: utcnow" in line]
    assert len(lines) == 1
    if mode == "json":
        assert told.error["code"] == "config"
        assert [problem["path"] for problem in told.error["problems"]] == ["gateway.sdk"]
    assert desk("usage", "--json").document["fuses"][0]["used"] == 0
    assert desk("send", PHONE).code == 0
    assert len(aliyun.submitted) == 1


def test_a_verbose_send_logs_what_broke(environ: dict[str, str]) -> None:
    """By the logger of the vendors."""
    with broken(*FAULTS[0]):
        told = Desk(environ)("send", PHONE, "-v")
    assert "smsctl.vendors: no request was made: DeprecationWarning: utcnow() is going" in told.err


@pytest.mark.parametrize("words", [("usage",), ("limits", "show"), ("verify", PHONE, "000000")])
def test_what_asks_no_vendor_needs_no_sdk(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Operators look and users verify on a host whose SDK is broken."""
    for module in SDK:
        monkeypatch.setitem(sys.modules, module, None)
    assert Desk(environ)(*words).code in {0, 3}


def test_config_check_proves_that_the_sdk_fits(environ: dict[str, str], aliyun: FakeAliyun) -> None:
    """A request is built and signed for each vendor with an SDK, and none is sent."""
    environ["SMSCTL_CAPTCHA__PROVIDER"] = "aliyun"
    config = load(environ=environ, defaults=True)
    items = {item.check: item for item in check(lambda: config, environ=environ)}
    assert {items[name].level for name in ("gateway.sdk", "captcha.sdk")} == {"ok"}
    assert aliyun.heard == []


@pytest.mark.parametrize(("path", "error"), FAULTS[::2], ids=str)
def test_config_check_says_why_the_sdk_does_not_fit(
    environ: dict[str, str], path: str, error: Exception
) -> None:
    """An error with type and reason, and exit code 78."""
    environ["SMSCTL_CAPTCHA__PROVIDER"] = "aliyun"
    with broken(path, error):
        told = Desk(environ)("config", "check", "--json")
    items = {item["check"]: item for item in told.document["items"]}
    assert told.code == 78
    for name in ("gateway.sdk", "captcha.sdk"):
        assert items[name]["level"] == "error"
        assert f"{type(error).__name__}: {error}" in items[name]["message"]


@pytest.mark.parametrize("command", ["probe", "reconcile", "onboard"])
def test_questions_to_the_vendor_exit_78_too(
    environ: dict[str, str], aliyun: FakeAliyun, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """They would fail one by one otherwise, as if the network were at fault."""
    monkeypatch.setitem(sys.modules, "alibabacloud_dysmsapi20170525.client", None)
    words = [command, PHONE] if command == "probe" else [command]
    told = Desk(environ)(*words)
    assert (told.code, "ModuleNotFoundError" in told.err) == (78, True)
    assert aliyun.heard == []


@contextmanager
def broken(path: str, error: Exception) -> Iterator[None]:
    """Let a function of the SDK raise in the block."""

    def raising(*_: object, **__: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path, raising)
        yield
