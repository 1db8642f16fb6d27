"""Which parts a configuration asks for, put together. Nothing is connected until it is used."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smsctl.config import Config, policy
from smsctl.core.admin import Admin
from smsctl.core.alerts import Outbox
from smsctl.core.blocking import run_blocking
from smsctl.core.decision import Journal
from smsctl.core.errors import ConfigError, Problem
from smsctl.core.flow import Flow, Ports
from smsctl.core.history import History
from smsctl.core.hosts import Hosts
from smsctl.core.naming import Keyring
from smsctl.core.overrides import OverrideBook
from smsctl.core.phone import Phone
from smsctl.core.phrase import phrase
from smsctl.core.policy import Policy
from smsctl.core.ports import Captcha, Declined, Gateway, Unclear
from smsctl.numbering import read_phone
from smsctl.store.admin import RedisAdmin
from smsctl.store.calls import Scripts
from smsctl.store.connection import AsyncConnection, BlockingConnection, Connection
from smsctl.store.format import Newer
from smsctl.store.history import RedisHistory
from smsctl.store.hosts import RedisHosts
from smsctl.store.outbox import RedisOutbox
from smsctl.store.override_book import RedisOverrideBook
from smsctl.store.store import RedisStore
from smsctl.store.target import read_target
from smsctl.vendors.codes.alarming import ALARMING
from smsctl.vendors.lane import Lane
from smsctl.wiring.background import Background
from smsctl.wiring.journal import write_down
from smsctl.wiring.not_sending import NotSending

if TYPE_CHECKING:
    from smsctl.store.embedded import EmbeddedServer

_SLACK = 2.0  # s beyond one delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything one guard, or one command, works with."""

    config: Config
    policy: Policy
    keyring: Keyring
    connection: Connection
    admin: Admin
    history: History
    overrides: OverrideBook
    outbox: Outbox
    hosts: Hosts
    newer: Newer
    """What a newer smsctl wrote, and was skipped."""
    flow: Flow
    lanes: Sequence[Lane]
    """The gateway's and the captcha's: one that hangs takes no thread from the other."""
    alarm: Background | None
    """What is waited for at the end, so that an alert is told."""
    server: EmbeddedServer | None
    """None where the store is not the embedded one."""

    def read_phone(self, text: str) -> Phone:
        """Return the number as the configuration's region reads it. Raises InvalidPhone."""
        return read_phone(text, region=self.config.phone.region)

    async def close(self) -> None:
        """Give connections and threads back, once alerts had the time to be told."""
        if self.alarm is not None:
            await self.alarm.close(self.config.alerts.timeout + _SLACK)
        await self.connection.close()
        for lane in self.lanes:
            lane.close()


def assemble(
    config: Config,
    *,
    environ: Mapping[str, str],
    blocking: bool,
    journal: Journal = write_down,
    silent: bool = False,
    sends: bool = True,
) -> Parts:
    """Return the parts that `config` asks for; starts the embedded server where it is the store.

    Alerts that a decision raises are delivered beside it, unless `silent`. Without `sends` there
    is neither gateway nor captcha behind the guard: they may not even be configured. Raises
    ConfigError and StoreUnavailable.
    """
    config.require("sending" if sends else "store")
    decided = replace(policy(config), alarming=frozenset(ALARMING))
    server, connection = store_of(config, environ, blocking=blocking)
    secret = config.code.secret.encode()
    keyring = Keyring(secret or (server.secret() if server else b""))
    scripts = Scripts(
        connection,
        policy=decided,
        prefix=config.store.prefix,
        fingerprint=keyring.fingerprint(),
    )
    sending, checking = Lane(blocking=blocking), Lane(blocking=blocking)
    overrides = RedisOverrideBook(scripts)
    alarm = None if silent else _alarm(config, environ, blocking=blocking)
    ports = Ports(
        store=RedisStore(scripts, alarm=alarm.ask) if alarm else RedisStore(scripts),
        overrides=overrides,
        gateway=gateway_of(config, decided, sending) if sends else NotSending(),
        captcha=captcha_of(config, checking) if sends else NotSending(),
        read_phone=lambda text: read_phone(text, region=config.phone.region),
        journal=journal,
        tick=time.perf_counter,
        now=lambda: datetime.now(UTC),
        explain=_explain,
    )
    return Parts(
        config=config,
        policy=decided,
        keyring=keyring,
        connection=connection,
        admin=RedisAdmin(scripts),
        history=RedisHistory(scripts, keyring),
        overrides=overrides,
        outbox=RedisOutbox(scripts),
        hosts=RedisHosts(scripts),
        newer=scripts.newer,
        flow=Flow(decided, keyring, ports),
        lanes=(sending, checking),
        alarm=alarm,
        server=server,
    )


def _alarm(config: Config, environ: Mapping[str, str], *, blocking: bool) -> Background | None:
    """Return what delivers alerts; None where there is nobody to tell."""
    if not config.alerts.channels:
        return None

    def deliver() -> None:
        from smsctl.wiring.alerts import round_of  # noqa: PLC0415 - where there is an alert

        parts = assemble(config, environ=environ, blocking=True, silent=True, sends=False)
        try:
            round_of(parts)
        finally:
            run_blocking(parts.close())

    return Background("alerts", deliver, blocking=blocking)


def embedded_server(config: Config, environ: Mapping[str, str]) -> EmbeddedServer:
    """Return the embedded server of this user, whether or not it is the configured store.

    Raises StoreUnavailable for a user without a home.
    """
    # Windows has no fcntl, and no need of it for a Redis elsewhere.
    from smsctl.store.embedded import EmbeddedServer, state_directory  # noqa: PLC0415

    return EmbeddedServer(state_directory(environ), environ, timeout=config.store.timeout)


def store_of(
    config: Config, environ: Mapping[str, str], *, blocking: bool
) -> tuple[EmbeddedServer | None, Connection]:
    """Return the connection to the configured store, and its server where it is embedded.

    Raises ConfigError and StoreUnavailable.
    """
    made = BlockingConnection if blocking else AsyncConnection
    store = config.store
    strict = store.durability == "strict"
    if store.url != "embedded":
        site = read_target(store.url, ca=store.ca, timeout=store.timeout, prefix=store.prefix)
        return None, made(site, strict=strict)
    if strict:
        raise ConfigError(
            Problem(
                "store.durability",
                phrase("the embedded store has no replicas that could confirm a write"),
                phrase("use a Redis with replicas, or durability: aof"),
            )
        )
    server = embedded_server(config, environ)
    server.start()
    return server, made(server.target, revive=server.start)


def gateway_of(config: Config, decided: Policy, lane: Lane) -> Gateway:
    """Return who sends the messages. Raises ConfigError."""
    gateway = config.gateway
    if gateway.provider == "console":
        from smsctl.vendors.console import ConsoleGateway  # noqa: PLC0415 - only what is used

        return ConsoleGateway(sign_name=gateway.sign_name, purposes=decided.purposes)
    from smsctl.vendors.aliyun_sms import AliyunGateway  # noqa: PLC0415 - only what is used

    return AliyunGateway(
        access_key_id=gateway.access_key_id,
        access_key_secret=gateway.access_key_secret,
        sign_name=gateway.sign_name,
        purposes=decided.purposes,
        endpoint=gateway.endpoint,
        proxy=gateway.proxy,
        timeout=gateway.timeout,
        lane=lane,
    )


def _explain(code: str) -> Declined | Unclear | None:
    from smsctl.vendors.aliyun_answers import recalled  # noqa: PLC0415 - only what is used

    return recalled(code)


def captcha_of(config: Config, lane: Lane) -> Captcha | None:
    """Return the configured human check, or None for none. Raises ConfigError."""
    captcha, gateway = config.captcha, config.gateway
    match captcha.provider:
        case "none":
            return None
        case "turnstile":
            from smsctl.vendors.turnstile import TurnstileCaptcha  # noqa: PLC0415 - urllib3: 30 ms
            from smsctl.vendors.turnstile_answers import is_test_secret  # noqa: PLC0415 - as above

            if gateway.provider != "console" and is_test_secret(captcha.secret):
                raise ConfigError(
                    Problem(
                        "captcha.secret",
                        phrase(
                            "this is one of Turnstile's test secrets: it lets everybody through"
                        ),
                        phrase("write your site's own secret"),
                    )
                )
            return TurnstileCaptcha(
                secret=captcha.secret,
                hostname=captcha.hostname,
                action=captcha.action,
                endpoint=captcha.endpoint,
                timeout=captcha.timeout,
                lane=lane,
            )
        case "aliyun":
            from smsctl.vendors.aliyun_captcha import AliyunCaptcha  # noqa: PLC0415 - as above

            return AliyunCaptcha(
                access_key_id=gateway.access_key_id,
                access_key_secret=gateway.access_key_secret,
                scene_id=captcha.scene_id,
                endpoint=captcha.endpoint,
                proxy=gateway.proxy,
                timeout=captcha.timeout,
                allow_test=gateway.provider == "console",
                lane=lane,
            )
