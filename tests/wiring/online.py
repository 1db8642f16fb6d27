"""A configuration over the fake vendors, and what they say of it; no clock is waited for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from smsctl.config import Config, load
from smsctl.wiring.account import Told, consult
from smsctl.wiring.check.item import Item
from smsctl.wiring.check.online import online_items
from tests.fakes.account import SIGN, TEMPLATE, TEXT
from tests.fakes.aliyun import ACCESS_KEY_ID, ACCESS_KEY_SECRET, FakeAliyun

REAL = (
    "gateway:\n"
    "  provider: aliyun\n"
    f"  access_key_id: {ACCESS_KEY_ID}\n"
    f"  access_key_secret: {ACCESS_KEY_SECRET}\n"
    f"  sign_name: {SIGN}\n"
    "  endpoint: ENDPOINT\n"
    "  timeout: 5s\n"
    f"purposes: {{login: {{template: {TEMPLATE}, text: '{TEXT}'}}}}\n"
    "code: {secret: sixteen-bytes-and-more}\n"
)


@dataclass
class Pauses:
    """A clock that a pause moves."""

    at: float = 0.0
    made: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.made.append(seconds)
        self.at += seconds


class Online:
    """Writes a configuration that points at the fake, and asks it."""

    def __init__(self, aliyun: FakeAliyun, folder: Path) -> None:
        self.aliyun = aliyun
        self.pauses = Pauses()
        self.file = folder / "config.yaml"

    def config(self, more: str = "", *, text: str = REAL) -> Config:
        """Return the configuration with `more` of it; a section named again replaces the first."""
        written = text.replace("ENDPOINT", self.aliyun.url)
        sections = [line.partition(":")[0] for line in more.splitlines() if line[:1].isalpha()]
        kept, skipped = [], False
        for line in written.splitlines():
            if line[:1].isalpha():
                skipped = line.partition(":")[0] in sections
            if not skipped:
                kept.append(line)
        self.file.write_text("\n".join([*kept, more]) + "\n", encoding="utf-8")
        self.file.chmod(0o600)
        return load(self.file, environ={})

    def told(self, config: Config, *, lists: bool = False, seconds: float = 20.0) -> Told:
        """Ask."""
        clock = self.pauses
        return consult(config, lists=lists, seconds=seconds, now=clock.now, pause=clock.pause)

    def __call__(self, more: str = "", *, text: str = REAL) -> dict[str, Item]:
        """Return the items by their id."""
        config = self.config(more, text=text)
        return {item.check: item for item in online_items(config, self.told(config))}


def levels(items: dict[str, Item]) -> dict[str, str]:
    """Return each item's level, by its id."""
    return {check: item.level for check, item in items.items()}


def wrong(items: dict[str, Item]) -> dict[str, str]:
    """Return the levels that are not ok."""
    return {check: item.level for check, item in items.items() if item.level != "ok"}
