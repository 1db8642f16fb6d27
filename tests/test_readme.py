"""The code in the README and in docs/integrate.md runs, word by word."""

from __future__ import annotations

import importlib.util
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import httpx
import pytest
import uvicorn
from django.conf import settings
from django.test import RequestFactory
from django.urls import path

import smsctl
from tests.servers import PrivateServer

_ROOT = Path(__file__).parents[1]
_PAGES = (_ROOT / "README.md", _ROOT / "docs" / "integrate.md")
_PYTHON = re.compile(r"^```python(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets() -> dict[str, str]:
    """Return the pages' Python, by file name or number."""
    written = [match for page in _PAGES for match in _PYTHON.findall(page.read_text("utf-8"))]
    return {name or str(number): code for number, (name, code) in enumerate(written)}


@pytest.fixture
def configured(server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a configuration for the console and a private server."""
    config = tmp_path / "config.yaml"
    config.write_text(f"store: {{url: 'unix://{server.path}'}}\n", "utf-8")
    monkeypatch.setenv("SMSCTL_CONFIG", str(config))
    monkeypatch.setenv("SMSCTL_SECRET", "sixteen bytes and more")
    monkeypatch.setenv("SMSCTL_CODE__SECRET", "sixteen bytes and more")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the texts that the console gateway would have sent."""
    from smsctl.vendors.console import ConsoleGateway  # noqa: PLC0415

    texts: list[str] = []
    submit = ConsoleGateway.submit

    async def noting(self: ConsoleGateway, message: Any) -> Any:
        accepted = await submit(self, message)
        texts.append(accepted.text or "")
        return accepted

    monkeypatch.setattr(ConsoleGateway, "submit", noting)
    return texts


def load(folder: Path, name: str) -> ModuleType:
    """Import one of the pages' files."""
    file = folder / name
    file.write_text(snippets()[name], "utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def serving(app: Any, trusted: str) -> Iterator[httpx.Client]:
    """Serve an ASGI app on loopback; headers of `trusted` proxies are believed."""
    config = uvicorn.Config(
        app, port=0, proxy_headers=True, forwarded_allow_ips=trusted, log_level="warning"
    )
    server = uvicorn.Server(config)
    ready = threading.Event()
    startup = server.startup

    async def started(*arguments: Any, **options: Any) -> None:
        await startup(*arguments, **options)
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    assert ready.wait(10)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("name", ["0", "3"])
def test_the_short_examples_run(configured: Path, name: str) -> None:
    """What a reader pastes first works as it stands."""
    exec(compile(snippets()[name], f"README:{name}", "exec"), {})


def test_fastapi_sends_and_logs_in(configured: Path, messages: list[str]) -> None:
    """Over real HTTP, with the client's address from a proxy that is trusted."""
    app = load(configured, "fastapi_app.py").app
    client_is = {"X-Forwarded-For": "203.0.113.7"}
    with serving(app, trusted="127.0.0.1") as client:
        sent = client.post("/code", json={"phone": "13800138000"}, headers=client_is)
        assert (sent.status_code, sent.json()) == (202, {"retry_after": 60})
        again = client.post("/code", json={"phone": "13800138000"}, headers=client_is)
        assert again.status_code == 429
        assert 0 < int(again.headers["Retry-After"]) <= 60
        assert client.post("/code", json={"phone": "1"}, headers=client_is).status_code == 422
        code = re.findall(r"\d{6}", messages[0])[0]
        logins = [
            client.post("/login", json={"phone": "13800138000", "code": typed}).status_code
            for typed in ("letters", code, code)
        ]
        assert logins == [401, 200, 401]


def test_fastapi_believes_no_strangers_header(configured: Path, messages: list[str]) -> None:
    """Without a trusted proxy the forged address is ignored, and the real one is private here."""
    app = load(configured, "fastapi_app.py").app
    with serving(app, trusted="10.0.0.5") as client:
        forged = client.post(
            "/code", json={"phone": "13800138000"}, headers={"X-Forwarded-For": "203.0.113.7"}
        )
        assert forged.status_code == 422
        assert "127.0.0.1 is a private address" in forged.json()["detail"]
    assert messages == []


def test_django_sends_and_logs_in(configured: Path, messages: list[str]) -> None:
    """The same through Django's views and its test request."""
    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
        django.setup()
    views = load(configured, "django_views.py")
    ask = RequestFactory()
    phone = {"phone": "13800138000"}
    json_type = "application/json"

    def post(view: Any, body: dict[str, str]) -> int:
        request = ask.post("/", body, content_type=json_type, REMOTE_ADDR="203.0.113.7")
        status: int = view(request).status_code
        return status

    assert [post(views.send_code, phone) for _ in range(2)] == [202, 429]
    code = re.findall(r"\d{6}", messages[0])[0]
    logins = [post(views.login, phone | {"code": typed}) for typed in ("1", code, code)]
    assert logins == [401, 200, 401]
    views.guard.close()


def test_the_face_has_one_sorted_list() -> None:
    """One import path for each name, and every name is there."""
    assert smsctl.__all__ == sorted(smsctl.__all__)
    for name in smsctl.__all__:
        assert getattr(smsctl, name)


urlpatterns: list[Any] = [path("none", lambda request: None)]
