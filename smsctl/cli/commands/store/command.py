"""`smsctl store status|stop`: the embedded server of this user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smsctl.cli.frame.command import command
from smsctl.cli.frame.result import Block, Line, Result
from smsctl.cli.frame.run import Run
from smsctl.cli.frame.words import Span
from smsctl.core.phrase import phrase

if TYPE_CHECKING:
    from smsctl.config import Config
    from smsctl.store.embedded import EmbeddedServer, ServerStatus

_STATUS = (
    "running",
    "directory",
    "socket",
    "version",
    "pid",
    "uptime_s",
    "memory_bytes",
    "keys",
    "configured",
)


@command(
    needs="store address",
    without_config="try-out",
)
def status(run: Run) -> Result:
    """Return what is known of the server, running or not."""
    told = _server(run).status()
    document: dict[str, object] = {
        "running": told.running,
        "directory": told.directory,
        "socket": told.socket,
        "version": told.version,
        "pid": told.pid,
        "uptime_s": told.uptime,
        "memory_bytes": told.memory,
        "keys": told.keys,
        "configured": _configured(run.config()),
    }
    return Result(
        schema="store_status",
        document=document,
        columns=_STATUS,
        rows=[[_field(document[name]) for name in _STATUS]],
        blocks=list(_blocks(told)),
    )


@command(
    needs="store address",
    without_config="try-out",
)
def stop(run: Run) -> Result:
    """Return whether there was a server to stop."""
    stopped = _server(run).stop()
    said = phrase("the embedded server has ended") if stopped else phrase("no server was running")
    return Result(
        schema="store_stop",
        document={"stopped": stopped},
        columns=("stopped",),
        rows=[[_field(stopped)]],
        blocks=[Line(said, "ok" if stopped else "none")],
    )


def _configured(config: Config) -> bool:
    """Say whether the embedded server is the configured store; one that is not known is not."""
    return config.store.url == "embedded" and not config.wrong("store.url")


def _server(run: Run) -> EmbeddedServer:
    """Return the embedded server; says so where the configuration has another store."""
    config = run.config()
    # redis-py: 75 ms.
    from smsctl.wiring.parts import embedded_server  # noqa: PLC0415

    if not _configured(config):
        run.note(phrase("the configured store is another one: this is about the embedded server"))
    return embedded_server(config, run.environ)


def _blocks(told: ServerStatus) -> Iterator[Block]:
    if not told.running:
        yield Line(phrase("the embedded server is not running"), "warn")
        yield Line(
            phrase("it starts when it is needed, in {where}", where=told.directory), indent=2
        )
        return
    if told.version is None:
        yield Line(phrase("the embedded server runs, but does not answer"), "warn")
        yield Line(
            phrase("it may be starting; if its socket was removed, the next use starts it anew"),
            indent=2,
        )
        return
    yield Line(
        phrase(
            "the embedded server runs: version {version}, process {pid}, up for {uptime}",
            version=told.version,
            pid=told.pid,
            uptime=Span(told.uptime or 0),
        ),
        "ok",
    )
    yield Line(
        phrase(
            "{keys} keys in {memory} MB, kept in {where}",
            keys=told.keys,
            memory=f"{(told.memory or 0) / 1e6:.1f}",
            where=told.directory,
        ),
        indent=2,
    )


def _field(value: object) -> str | int | None:
    """Return a value as TSV has it: as JSON would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str | int) else None
