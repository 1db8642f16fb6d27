"""Asks the primary, whichever server that is by now: written once for both faces.

Nothing is asked twice on its own account: redis-py's retries are off, and only what says that
nothing was executed (no connection, NOSCRIPT, MOVED, ASK, READONLY) is followed by more. A name is
no server: where one refuses as a replica does, its name is resolved anew before anybody is told.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import Any, Self, TypeAlias

from redis.exceptions import (
    AskError,
    AuthenticationError,
    ClusterDownError,
    MovedError,
    NoScriptError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError

from smsctl.store.breaker import Breaker
from smsctl.store.command import (
    HUNG,
    Argument,
    Ask,
    Command,
    Question,
    UnconfirmedError,
    UnsentError,
    pack,
)
from smsctl.store.faults import NoPrimaryError, first_fault, unavailable
from smsctl.store.renewal import Renewal
from smsctl.store.routes import Primary, at, route
from smsctl.store.scripts import script
from smsctl.store.target import Cluster, Site, Target

Revive: TypeAlias = Callable[[], None]

_DURABLE = {"reserve", "settle", "verify", "reset"}  # with `strict`, replicas confirm these
_SUSPECT = (*HUNG, UnconfirmedError)  # what is left of a former primary may fail so
_STEPS = 4  # at most: MOVED, ASK, NOSCRIPT, and the answer
_FRESH = 10.0  # seconds; with `strict` a new replica is counted from then on


class PrimaryConnection(ABC):
    """The way of a question, written once for both faces."""

    def __init__(self, site: Site, *, strict: bool = False, revive: Revive | None = None) -> None:
        """With `strict` a write counts once every replica has it.

        `revive` is called where the server cannot be reached: it may start it.
        """
        self.place = site.place
        self._site = site
        self._strict = strict
        self._revive = revive
        self._timeout = site.timeout
        self._clustered = isinstance(site, Cluster)
        self.route = route(site, strict=strict)
        self._hints: tuple[Target, ...] = ()
        self._primary: Primary | None = None
        self._fresh = 0.0
        self._breaker = Breaker(self._probe)
        self._renewal = Renewal()

    @abstractmethod
    def _exchange(self, target: Target, asked: Ask, until: float) -> Awaitable[list[Any]]:
        """Return what one server replies."""

    @abstractmethod
    def adopt(self, fresh: Self | None = None) -> None:
        """Let go of all connections, of other threads and loops too, in favour of those of `fresh`.

        What is in use is closed after its answer.
        """

    @abstractmethod
    def _leave(self, target: Target) -> None:
        """Let go of the connections to one server."""

    @abstractmethod
    async def _settled(self, attempt: Future[bool], until: float) -> bool:
        """Wait for an attempt, and say what it says; true if the time is over before."""

    @abstractmethod
    async def close(self) -> None:
        """Give the connections back."""

    @abstractmethod
    async def _apart(self, call: Callable[[], None]) -> None:
        """Run what takes its time where it stops nobody else."""

    async def call(self, name: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        wanted = script(name)
        question = Question(
            commands=[("EVALSHA", wanted.sha, len(keys), *keys, *arguments)],
            text=wanted.text,
            kept=keys[0] if self._strict and name in _DURABLE else "",
        )
        return (await self._ask(question))[0]

    async def read(self, commands: Sequence[Command]) -> list[Any]:
        return await self._ask(Question(commands=commands))

    async def _ask(self, question: Question) -> list[Any]:
        hung = self._breaker.fault
        if hung is not None:
            raise unavailable(hung, self.place)
        era = self._renewal.era
        try:
            return await self._answer(question, era)
        except UnsentError as unsent:
            fault = unsent.fault
        except (RedisError, OSError, UnicodeError) as raised:
            fault = await self._reason(raised)
        if isinstance(fault, _SUSPECT) and self._renewal.advance(era):
            self.adopt()
        if isinstance(fault, HUNG) and self._breaker.trip(fault):
            # A store that only lost one answer should not be refused to those who ask next.
            await self._apart(self._breaker.await_probe)
        told = unavailable(fault, self.place)
        if told.reply_lost and self._revive is not None:
            await self._apart(self._revive)
        raise told

    async def _reason(self, fault: Exception) -> Exception:
        """Return the wish for a password where that is why the server closed the connection.

        Redis 6.2 closes it on a stranger's long question, and its answer may be lost with it.
        """
        if not isinstance(fault, RedisConnectionError | ConnectionError):
            return fault
        until = time.monotonic() + self._timeout
        try:
            primary = self._known(None) or await self._find(until, None)
            await self._exchange(primary.target, pack([("TIME",)]), until)
        except AuthenticationError as wish:
            return wish
        except (UnsentError, RedisError, OSError):
            pass
        return fault

    async def _answer(self, question: Question, era: int) -> list[Any]:
        """Ask, and once more if the name may lead to another server by now."""
        until = time.monotonic() + self._timeout
        try:
            return await self.follow(question, until)
        except (RedisError, UnsentError) as raised:
            if not _outdated(raised):
                raise
            fault = raised
        question.asking = None
        while self._renewal.era == era:
            attempt = self._renewal.join()
            if attempt is None:
                return await self._renew(question, until)
            settled = await self._settled(attempt, until)
            if settled and (self._renewal.era == era or time.monotonic() >= until):
                raise fault
        return await self.follow(question, until)

    async def _renew(self, question: Question, until: float) -> list[Any]:
        """Ask over new connections alone, and keep them if they lead to a primary."""
        fresh = type(self)(self._site, strict=self._strict)
        fresh.route = self.route  # it remembers replicas
        settled = False
        try:
            replies = await fresh.follow(question, until)
            self._renewal.advance(self._renewal.era)
            self.adopt(fresh)
            settled = True
        except (RedisError, OSError, UnsentError):
            settled = True
            raise
        finally:
            try:
                await fresh.close()
            finally:
                self._renewal.end(settled=settled)
        return replies

    async def follow(self, question: Question, until: float) -> list[Any]:
        """Ask the primary, and follow what says that nothing was done and somebody else is."""
        fault: Exception | None = None
        refused: Primary | None = None
        for _ in range(_STEPS):
            primary = self._known(refused) or await self._find(until, refused)
            if primary is refused:
                break
            if refused is not None:
                self._leave(refused.target)
            replies: list[Any] = []
            try:
                replies = await self._exchange(
                    question.asking or primary.target, question.ask(primary.replicas), until
                )
                fault = first_fault(replies)
            except UnsentError as unsent:
                fault = unsent
            except (RedisError, OSError):
                self._forget(primary)
                raise
            if fault is None:
                return replies[-len(question.commands) :]
            if _elsewhere(fault):
                refused = primary
            if not self._redirect(question, fault, primary):
                break
        raise fault or NoPrimaryError

    def _redirect(self, question: Question, fault: Exception, primary: Primary) -> bool:
        """Say whether to ask once more, and turn the question to whom the fault names."""
        match fault:
            case NoScriptError() if question.text:
                question.spell_out()
            case MovedError() if self._clustered:
                question.asking = None
                self._forget(primary, at(f"{fault.host}:{fault.port}", primary.target))
            case AskError() if self._clustered:
                question.asking = at(f"{fault.host}:{fault.port}", primary.target)
            case _ if _elsewhere(fault):
                question.asking = None
                self._forget(primary)
            case _:
                return False
        return True

    def _known(self, refused: Primary | None) -> Primary | None:
        """Return the primary, unless it has to be looked for."""
        known = self._primary
        fresh = not self._strict or time.monotonic() < self._fresh
        return known if known is not None and fresh and not _same(known, refused) else None

    async def _find(self, until: float, refused: Primary | None) -> Primary:
        """Return the primary; `refused` where nobody names another, for a seed may be behind."""
        fault: Exception = NoPrimaryError()
        named: Primary | None = None
        seeds = [*self._hints, *self.route.seeds]
        for turn, seed in enumerate(seeds):
            replies: list[Any] = []
            if self.route.question:
                # A seed that hangs leaves the others their share of the time.
                share = (until - time.monotonic()) / (len(seeds) - turn)
                try:
                    replies = await self._exchange(
                        seed, pack(self.route.question), time.monotonic() + share
                    )
                except UnsentError as unsent:
                    fault = unsent.fault
                    continue
                except (RedisError, OSError) as raised:
                    fault = raised
                    continue
            found = self.route.primary(seed, replies)
            if found is not None and _same(found, refused):
                named = refused
            elif found is not None:
                self._primary, self._hints = found, ()
                self._fresh = time.monotonic() + _FRESH
                return found
            fault = first_fault(replies) or fault
        if named is not None:
            return named
        raise fault

    def _forget(self, primary: Primary, *hints: Target) -> None:
        """Look for the primary anew, unless somebody did."""
        if self._primary is primary:
            self._primary, self._hints = None, hints

    async def probe(self) -> None:
        """Ask for the time, and raise what goes wrong as it is."""
        try:
            await self.follow(Question([("TIME",)]), time.monotonic() + self._timeout)
        except UnsentError as unsent:
            raise unsent.fault from None
        finally:
            await self.close()

    @abstractmethod
    def _probe(self) -> None:
        """Have a connection of its own probe, in the thread that calls."""


def _elsewhere(fault: Exception) -> bool:
    """Say whether nothing was done, and another server may be the primary by now."""
    if isinstance(fault, UnsentError | ReadOnlyError | ClusterDownError):
        return True
    return "-READONLY " in str(fault)  # Redis 6.2 buries it in an error of the script


def _outdated(fault: Exception) -> bool:
    """Say whether nothing was done because the server is the primary no more, or has no replicas.

    Redis 6.2 buries the code in an error of the script.
    """
    return isinstance(fault, ReadOnlyError | ClusterDownError | NoPrimaryError) or any(
        sign in str(fault) for sign in ("-READONLY ", "-MASTERDOWN ", "NOREPLICAS ")
    )


def _same(primary: Primary, other: Primary | None) -> bool:
    return other is not None and primary.target == other.target
