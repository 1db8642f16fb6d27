"""In which tracks a request is counted, and under which subject in each."""

from __future__ import annotations

from smsctl.core.admin import Selection
from smsctl.core.policy import Policy
from smsctl.core.ports import Request
from smsctl.core.rules import Rule, Track, Window, raise_rules, tracks

OUTAGE = "captcha"
"""The rule of what a captcha outage lets through: what it refuses, the captcha refuses."""


def request_tracks(policy: Policy, request: Request) -> list[tuple[Track, str]]:
    """Return the tracks that count this request, each with its subject; none for a test number."""
    if request.test:
        return []
    effect = request.effect
    rules = [
        rule
        for rule in raise_rules(policy.rules, effect.raised)
        if rule.only_purpose in {None, request.purpose}
        and rule.only_country in {None, request.country}
        and rule.per not in effect.exempt
    ]
    counted = [
        (track, subject)
        for track in tracks(rules)
        if (subject := request.subject(track.per)) is not None
    ]
    if request.outage:
        bound = Rule(name=OUTAGE, per="all", max=policy.outage_max, window=Window.read("1h"))
        counted += [(track, "outage") for track in tracks([bound])]
    return counted


def selected_tracks(policy: Policy, selection: Selection) -> list[tuple[Track, str]]:
    """Return the tracks that an operator points at, each with its subject."""
    return [
        (track, subject)
        for track in tracks(raise_rules(policy.rules, selection.raised))
        if selection.country is None or track.only_country in {None, selection.country}
        if not selection.purposes or track.only_purpose in {None, *selection.purposes}
        for subject in selection.subjects(track.per)
    ]
