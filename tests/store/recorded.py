"""One of everything that the store keeps: played by the scripts, recorded, and shown again.

`python -m tests.store.recorded` writes `generations/1.json` anew: only together with a new
generation, because a reader of this one must read that file for ever.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from smsctl.core.admin import Act, Selection
from smsctl.core.alerts import Alert
from smsctl.core.blocking import run_blocking
from smsctl.core.errors import SmsctlError
from smsctl.core.flow import Flow, Ports
from smsctl.core.guard import Guard
from smsctl.core.history import Receipt
from smsctl.core.hosts import fingerprint_of
from smsctl.core.naming import Keyring
from smsctl.core.overrides import Override
from smsctl.core.phrase import Phrase
from smsctl.core.policy import Policy
from smsctl.core.rules import Rule, Window
from smsctl.numbering import read_phone
from smsctl.store.admin import RedisAdmin
from smsctl.store.binary import find_server
from smsctl.store.calls import Scripts
from smsctl.store.connection import BlockingConnection
from smsctl.store.history import RedisHistory
from smsctl.store.hosts import RedisHosts
from smsctl.store.outbox import RedisOutbox
from smsctl.store.override_book import RedisOverrideBook
from smsctl.store.store import RedisStore
from smsctl.testing import Clock, Declined, FakeGateway, Unclear
from tests.servers import PrivateServer, running

FILE = Path(__file__).parent / "generations" / "1.json"
SECRET = b"a secret for tests only"
PHONE = "13800138000"
IP = "203.0.113.7"
DAY = "2026-11-23"
NOW = f"{DAY}T12:00:00+08:00"
POLICY = replace(
    Policy(),
    rules=(
        *Policy().rules,
        Rule(name="fuse-month", per="all", max=100, window=Window.read("month")),
    ),
    alarming=frozenset({"isv.AMOUNT_NOT_ENOUGH"}),
)

_SAID = Phrase("no")


class Host:
    """One host under the recorded policy, secret and clock."""

    def __init__(self, server: PrivateServer) -> None:
        self.clock = Clock(NOW)
        self.keyring = Keyring(SECRET)
        self.connection = BlockingConnection(server.target)
        self.scripts = Scripts(
            self.connection,
            policy=POLICY,
            prefix="sms",
            fingerprint=self.keyring.fingerprint(),
            clock=self.clock,
        )
        self.gateway = FakeGateway()
        self.admin = RedisAdmin(self.scripts)
        self.history = RedisHistory(self.scripts, self.keyring)
        self.outbox = RedisOutbox(self.scripts)
        self.overrides = RedisOverrideBook(self.scripts)
        self.hosts = RedisHosts(self.scripts)
        ports = Ports(
            store=RedisStore(self.scripts),
            overrides=self.overrides,
            gateway=self.gateway,
            captcha=None,
            read_phone=lambda text: read_phone(text, region="CN"),
            journal=lambda _decision: None,
            tick=self.clock,
            now=lambda: datetime.fromtimestamp(self.clock(), UTC),
        )
        self.guard = Guard(Flow(POLICY, self.keyring, ports), close=self.connection.close)

    @property
    def selection(self) -> Selection:
        """Every subject of the recorded phone and address."""
        phone = read_phone(PHONE, region="CN")
        pseudonyms = self.keyring.pseudonyms(phone, IP)
        return Selection(
            phone=pseudonyms.phone,
            prefix=pseudonyms.prefix,
            country="CN",
            ip=pseudonyms.ip,
            purposes=("login",),
            all=True,
        )


def play(host: Host) -> str:
    """Do one of everything; return the code that still verifies."""
    unsure, bad = Unclear(explanation=_SAID), Declined(explanation=_SAID, vendor_code="isv.X")
    poor = replace(bad, vendor_code="isv.AMOUNT_NOT_ENOUGH")
    host.gateway.replies = [unsure, bad, poor]
    for number in range(3):
        with suppress(SmsctlError):
            host.guard.send(f"1390013900{number}", ip=IP)
    for _ in range(420):  # past what one day's record of refusals holds
        host.guard.send("13900139000", ip=IP)
    host.guard.send("13900139000", ip=IP)
    host.guard.send(PHONE, ip=IP, request_id="ticket-4711")
    code = host.gateway.sent[-1].code
    host.guard.verify(PHONE, f"{(int(code) + 1) % 10**6:06}")
    receipt = Receipt(at=0.0, request_id="r1", status="delivered", code="DELIVERED", received=1.5)
    run_blocking(host.history.note([receipt]))
    act = Act(at=NOW, who="ops@host", what="limits reset --fuse", reason="a test", touches=("all",))
    run_blocking(host.admin.record(act))
    alert = Alert(kind="test", subject="x", ends=host.clock() + 3600, at=host.clock())
    run_blocking(host.outbox.raise_alert(alert))
    override = Override(
        id="0123abcd",
        kind="pause",
        until=host.clock() + 600,
        since=host.clock(),
        reason="a test",
        author="ops@host",
        country="HK",
    )
    run_blocking(host.overrides.write([override], before=b""))
    run_blocking(host.hosts.announce("app-1", fingerprint_of(POLICY)))
    return code


def shown(host: Host) -> dict[str, Any]:
    """Return all that the store is asked for, as JSON has it."""
    standing = run_blocking(host.admin.show(host.selection))
    overrides, _ = run_blocking(host.overrides.read())
    refusals = run_blocking(host.history.refusals())
    views = {
        "standing": asdict(standing),
        "events": [
            {"is": type(event).__name__, **asdict(event)}
            for event in run_blocking(host.history.events(DAY)).events
        ],
        "refusals": [asdict(entry) for entry in refusals.entries],
        "offenders": {
            kind: asdict(summary)
            for kind, summary in run_blocking(host.history.offenders(DAY)).items()
        },
        "usage": [
            {"date": day.date, "cells": sorted([*cell, count] for cell, count in day.cells.items())}
            for day in run_blocking(host.admin.usage(1))
        ],
        "audit": [asdict(act) for act in run_blocking(host.admin.acts())],
        "alerts": [asdict(alert) for alert in run_blocking(host.outbox.raised())],
        "hosts": [asdict(entry) for entry in run_blocking(host.hosts.fresh())],
        "overrides": [asdict(override) for override in overrides.overrides],
    }
    plain: dict[str, Any] = json.loads(json.dumps(views))
    return plain


def dump(server: PrivateServer) -> dict[str, Any]:
    """Return every key with its type, its life in ms and its content in hex."""
    with server.client as client:
        return {
            key.decode(): {"life": client.pttl(key), **_content(client, key)}
            for key in sorted(client.scan_iter())
        }


def _content(client: Any, key: bytes) -> dict[str, Any]:
    match client.type(key):
        case b"string":
            return {"string": client.get(key).hex()}
        case b"list":
            return {"list": [entry.hex() for entry in client.lrange(key, 0, -1)]}
        case _:
            held = client.hgetall(key)
            return {"hash": {name.decode(): value.hex() for name, value in sorted(held.items())}}


def restore(server: PrivateServer, keys: Mapping[str, Any]) -> None:
    """Have the server hold the recorded keys, and no other."""
    with server.client as client:
        client.flushall()
        for key, kept in keys.items():
            match kept:
                case {"string": content}:
                    client.set(key, bytes.fromhex(content))
                case {"list": entries}:
                    client.rpush(key, *(bytes.fromhex(entry) for entry in entries))
                case {"hash": fields}:
                    client.hset(key, mapping={n: bytes.fromhex(v) for n, v in fields.items()})
                case _:
                    raise AssertionError(key)
            client.pexpire(key, kept["life"])


def main() -> None:
    """Record this generation."""
    with TemporaryDirectory() as folder, running(find_server(os.environ), Path(folder)) as server:
        host = Host(server)
        code = play(host)
        written = {"code": code, "shown": shown(host), "keys": dump(server)}
        host.guard.close()
    FILE.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
