"""What a contestant is: it decides whether a phone behind an address may have a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import TypeAlias

from benchmarks.frame.stage import Stage
from benchmarks.frame.three import Three

Decide: TypeAlias = Callable[[str, str], bool]
"""Admits a phone and an address, or refuses them. For threads."""

DecideLater: TypeAlias = Callable[[str, str], Awaitable[bool]]
"""The same for the tasks of one event loop."""

Contestant: TypeAlias = Callable[[Stage, Three], AbstractContextManager[Decide]]
AsyncContestant: TypeAlias = Callable[[Stage, Three], AbstractAsyncContextManager[DecideLater]]
