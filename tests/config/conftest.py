"""A configuration file that a test writes, with nothing of this machine's around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from smsctl.config import Config, load, places
from smsctl.core.errors import ConfigError

Reads = Callable[..., Config]
Wrongs = Callable[..., dict[str, str]]


@pytest.fixture(autouse=True)
def system_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's /etc/smsctl/config.yaml would be."""
    file = tmp_path / "etc" / "smsctl" / "config.yaml"
    monkeypatch.setattr(places, "SYSTEM_FILE", file)
    return file


@pytest.fixture
def read(tmp_path: Path) -> Reads:
    """Load a file with this text under this environment."""

    def load_text(text: str | bytes, environ: Mapping[str, str] | None = None) -> Config:
        file = tmp_path / "config.yaml"
        file.touch(mode=0o600)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(file, environ=environ or {})

    return load_text


@pytest.fixture
def wrong(read: Reads, tmp_path: Path) -> Wrongs:
    """Load a file that is wrong, and return its problems by path; the file's own is `FILE`."""

    def problems(text: str | bytes, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        with pytest.raises(ConfigError) as caught:
            read(text, environ)
        name = str(tmp_path / "config.yaml")
        found = {each.path.replace(name, "FILE"): each for each in caught.value.problems}
        assert len(found) == len(caught.value.problems)
        return {
            path: f"{each.message}; {each.hint}" if each.hint else str(each.message)
            for path, each in found.items()
        }

    return problems
