"""Holds a history against the invariants, unknown outcomes on the side that does harm.

A send counts against its limits when an SMS may have gone out: the gateway took it, or may have.
What the store counts in the end lies between the sends that must be counted and those that may be.
Knows the rules, and nothing of how the product keeps them: it shares no code with what it checks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from smsctl.core.policy import Policy
from smsctl.core.rules import Rule
from tests.faults.history import UNSURE, Deed, History

Column = Literal[
    "overshoot",  # more sends than a rule's max in its window
    "forgotten",  # sends and tries that must be counted and are not
    "consumed",  # quota and tries that nobody used
    "guesses",  # comparisons beyond a code's tries, or beyond the phone's budget
    "successes",  # a code that verified again
    "eternal",  # keys without an expiry
    "second",  # a second SMS for one request id, or one for a send that was refused
    "unforeseen",  # exceptions that are not the product's, and healthy calls that fail
]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What the store holds when all is over."""

    used: Mapping[tuple[str, str], int]
    """By rule and subject."""
    wrong: Mapping[str, int]
    """Wrong tries, by phone."""
    eternal: Sequence[str] = ()
    """Keys without an expiry."""


@dataclass(slots=True)
class Findings:
    """What was broken: how often, and one sentence for each case."""

    counts: Counter[Column] = field(default_factory=Counter)
    sentences: list[str] = field(default_factory=list)

    def add(self, column: Column, count: int, sentence: str) -> None:
        """Note `count` breaches; none where it is 0 or less."""
        if count > 0:
            self.counts[column] += count
            self.sentences.append(f"{column}: {sentence}")


@dataclass(slots=True)
class _Send:
    """All calls of one request id: one SMS at most."""

    phone: str
    ip: str | None
    purpose: str
    outcomes: set[str] = field(default_factory=set)
    began: float = float("inf")
    ended: float = float("inf")
    """When the reservation was surely made, where it was."""
    taken: int = 0

    @property
    def must(self) -> bool:
        """It is counted: an SMS may have gone out."""
        if self.taken or "sent" in self.outcomes:
            return True
        # A caller who asks for the same id meanwhile does not know that the gateway will say no.
        return "unknown" in self.outcomes and self.outcomes <= {"unknown", "refused"}

    @property
    def may(self) -> bool:
        """It can be counted: somebody was told something else than a refusal."""
        return self.must or not self.outcomes <= {"refused"}


def check(
    history: History, policy: Policy, end: End | None, *, windows: Mapping[str, int] | None = None
) -> Findings:
    """Return what is broken.

    `windows` says for a calendar rule how many of its windows the server's clock was in; without,
    it is one: the history must be shorter than every window.
    """
    findings = Findings()
    sends = _sends(history)
    for rule in policy.rules:
        subjects = _by_subject(rule, sends.values())
        spans = (windows or {}).get(rule.name, 1)
        _limit(findings, rule, subjects, spans)
        if end is not None:
            _counted(findings, rule, subjects, end, exact=spans == 1)
    _messages(findings, sends)
    _guesses(findings, history, policy, sends)
    if end is not None:
        _tries(findings, history, end)
        findings.add("eternal", len(end.eternal), f"without an expiry: {list(end.eternal)[:3]}")
    for deed in history.deeds:
        if deed.outcome == "unforeseen":
            findings.add("unforeseen", 1, f"{deed.act} ended in {deed.detail}")
    return findings


def _sends(history: History) -> dict[str, _Send]:
    sends: dict[str, _Send] = {}
    for deed in history.deeds:
        if deed.act == "send":
            send = sends.setdefault(deed.request, _Send(deed.phone, deed.ip, deed.purpose))
            send.outcomes.add(deed.outcome)
            send.began = min(send.began, deed.began)
            if deed.outcome in {"sent", "unknown"}:
                send.ended = min(send.ended, deed.ended)
    for taken in history.taken:
        send = sends[taken.request]
        send.taken += 1
        send.ended = min(send.ended, taken.at)
    return sends


def _by_subject(rule: Rule, sends: Iterable[_Send]) -> dict[str, list[_Send]]:
    subjects: dict[str, list[_Send]] = defaultdict(list)
    for send in sends:
        if rule.only_purpose in {None, send.purpose}:
            named = {"phone": send.phone, "ip": send.ip, "purpose": send.purpose, "all": "all"}
            subject = named[rule.per]
            if subject is not None:
                subjects[subject].append(send)
    return subjects


def _limit(findings: Findings, rule: Rule, subjects: Mapping[str, list[_Send]], spans: int) -> None:
    for subject, sends in subjects.items():
        admitted = sorted((send for send in sends if send.must), key=lambda send: send.began)
        if rule.window.unit == "rolling":
            over = _packed(admitted, rule.max, rule.window.length / 1000)
        else:
            over = len(admitted) - rule.max * spans
        findings.add("overshoot", over, f"{rule.name} of {subject}: {len(admitted)} sent")


def _packed(admitted: Sequence[_Send], most: int, seconds: float) -> int:
    """Return how many sends surely had `most` others in the window before them."""
    over = 0
    for place in range(len(admitted) - most):
        group = admitted[place : place + most + 1]
        over += max(send.ended for send in group) - group[0].began < seconds
    return over


def _counted(
    findings: Findings, rule: Rule, subjects: Mapping[str, list[_Send]], end: End, *, exact: bool
) -> None:
    for subject, sends in subjects.items():
        used = end.used[rule.name, subject]
        must = sum(send.must for send in sends)
        may = sum(send.may for send in sends)
        told = f"{rule.name} of {subject}: counted {used}, not between {must} and {may}"
        findings.add("consumed", used - may, told)
        if exact:
            findings.add("forgotten", must - used, told)


def _messages(findings: Findings, sends: Mapping[str, _Send]) -> None:
    for request, send in sends.items():
        findings.add("second", send.taken - 1, f"{request}: {send.taken} SMS")
        if send.taken and send.outcomes <= {"refused", "returned", "unavailable"}:
            told = ", ".join(sorted(send.outcomes))
            findings.add("second", 1, f"{request}: an SMS, but the callers were told {told}")
        if "sent" in send.outcomes and not send.taken:
            findings.add("unforeseen", 1, f"{request}: sent, but the gateway has no message")


def _guesses(
    findings: Findings, history: History, policy: Policy, sends: Mapping[str, _Send]
) -> None:
    codes = Counter((send.phone, send.purpose) for send in sends.values() if send.may)
    compared: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    for deed in history.deeds:
        if deed.outcome == "verified" or deed.detail in {"mismatch", "exhausted"}:
            compared[deed.phone, deed.purpose].append(deed)
            wrong[deed.phone] += deed.outcome == "rejected"
    for place, deeds in compared.items():
        right = sum(deed.outcome == "verified" for deed in deeds)
        known = codes[place]
        told = f"{' '.join(place)}: {known} codes, {len(deeds)} compared, {right} right"
        findings.add("successes", right - known, told)
        extra = len(deeds) - policy.code.tries * known
        findings.add("guesses", max(extra, _repeated(deeds) if known == 1 else 0), told)
    for phone, count in wrong.items():
        findings.add("guesses", count - policy.code.wrong_max, f"{phone}: {count} wrong tries")


def _repeated(deeds: Sequence[Deed]) -> int:
    """Return how many comparisons with one code can't be: a try used twice, or after the end."""
    left = [deed.left for deed in deeds if deed.outcome == "rejected"]
    ends = [d.ended for d in deeds if d.outcome == "verified" or d.detail == "exhausted"]
    late = sum(deed.began > min(ends) for deed in deeds) if ends else 0
    return max(len(left) - len(set(left)), late)


def _tries(findings: Findings, history: History, end: End) -> None:
    must: Counter[str] = Counter()
    may: Counter[str] = Counter()
    for deed in history.deeds:
        if deed.act == "verify":
            must[deed.phone] += deed.detail in {"mismatch", "exhausted"}
            may[deed.phone] += deed.outcome in UNSURE
    for phone, counted in end.wrong.items():
        told = f"{phone}: {counted} wrong tries, not {must[phone]} and at most {may[phone]} more"
        findings.add("consumed", counted - must[phone] - may[phone], told)
        findings.add("forgotten", must[phone] - counted, told)
