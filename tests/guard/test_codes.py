"""Gate three: one code, one use, over both faces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smsctl import (
    GatewayRejected,
    InvalidCode,
    Refused,
    Rejected,
    Sent,
    StoreUnavailable,
    Verified,
)
from smsctl.core.phrase import Phrase
from smsctl.core.policy import CodePolicy, Policy
from smsctl.testing import Declined, FakeGateway, Unclear
from tests.guards import PHONE, Bench, MakeBench
from tests.servers import PrivateServer


def free(**code: object) -> Policy:
    """Return a policy without rules, for codes alone."""
    return replace(Policy(), rules=(), code=CodePolicy(**code))  # type: ignore[arg-type]


def wrong(code: str) -> str:
    """Return another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


def test_a_code_verifies_once(bench: Bench, gateway: FakeGateway) -> None:
    """Invariant 2: the right code is accepted, and gone."""
    bench.send()
    code = gateway.sent[0].code
    assert isinstance(bench.verify(code), Verified)
    again = bench.verify(code)
    assert isinstance(again, Rejected)
    assert again.reason == "missing"


def test_three_wrong_tries_burn_a_code(bench: Bench, gateway: FakeGateway) -> None:
    """Invariant 2: after the last wrong try the right code is refused."""
    bench.send()
    code = gateway.sent[0].code
    answers = [bench.verify(wrong(code)) for _ in range(3)]
    told = [(a.reason, a.tries_left) for a in answers if isinstance(a, Rejected)]
    assert told == [("mismatch", 2), ("mismatch", 1), ("exhausted", 0)]
    assert bench.verify(code).reason == "missing"  # type: ignore[union-attr]


def test_with_one_try_the_first_wrong_one_burns(make_bench: MakeBench) -> None:
    """`tries: 1` means gone at the first wrong try."""
    gateway = FakeGateway()
    bench = make_bench(free(tries=1), gateway=gateway)
    bench.send()
    code = gateway.sent[0].code
    assert bench.verify(wrong(code)).reason == "exhausted"  # type: ignore[union-attr]
    assert not bench.verify(code)


def test_a_code_dies_with_its_ttl(bench: Bench, gateway: FakeGateway) -> None:
    """Invariant 2: a code verifies at 299.999 s and not at 300 s."""
    assert bench.send().expires_in == 300  # type: ignore[union-attr]
    bench.clock.advance(300)
    assert bench.verify(gateway.sent[0].code).reason == "missing"  # type: ignore[union-attr]
    bench.clock.advance(-0.001)
    assert bench.verify(gateway.sent[0].code)


def test_a_clock_may_be_five_seconds_apart(bench: Bench, gateway: FakeGateway) -> None:
    """A code from 5 s ahead of the clock is alive, one from 5.001 s ahead is dead."""
    bench.send()
    bench.clock.advance(-5.001)
    assert bench.verify(gateway.sent[-1].code).reason == "missing"  # type: ignore[union-attr]
    bench.clock.advance(0.001)
    assert bench.verify(gateway.sent[-1].code)


def test_a_clock_stepped_back_kills_codes(bench: Bench, gateway: FakeGateway) -> None:
    """Invariant 7: a code from an hour ahead is not young again, it is dead."""
    bench.send()
    bench.clock.advance(-3600)
    assert not bench.verify(gateway.sent[0].code)


def test_a_step_back_gives_no_more_time_to_guess(bench: Bench, gateway: FakeGateway) -> None:
    """Invariant 7: a code that was guessed at four minutes in is not two minutes old again."""
    bench.send()
    code = gateway.sent[0].code
    bench.clock.advance(240)
    assert bench.verify(wrong(code)).reason == "mismatch"  # type: ignore[union-attr]
    bench.clock.advance(-120)
    assert bench.verify(code).reason == "missing"  # type: ignore[union-attr]


def test_a_code_belongs_to_its_purpose_and_phone(make_bench: MakeBench) -> None:
    """A code for login does not pay, and nobody else's phone takes it."""
    gateway = FakeGateway()
    purposes = dict.fromkeys(("login", "pay"), Policy().purposes["login"])
    bench = make_bench(replace(free(), purposes=purposes), gateway=gateway)
    bench.send()
    code = gateway.sent[0].code
    assert bench.verify(code, purpose="pay").reason == "missing"  # type: ignore[union-attr]
    assert bench.verify(code, phone="13900138000").reason == "missing"  # type: ignore[union-attr]
    assert bench.verify(code)


def test_a_resend_shadows_the_older_code(make_bench: MakeBench) -> None:
    """With `live: 1` only the newest code verifies."""
    gateway = FakeGateway()
    bench = make_bench(free(), gateway=gateway)
    bench.send()
    bench.send()
    older, newer = (message.code for message in gateway.sent)
    if older != newer:
        assert bench.verify(older).reason == "mismatch"  # type: ignore[union-attr]
    assert bench.verify(newer)


def test_two_live_codes_share_a_guess_and_an_end(make_bench: MakeBench) -> None:
    """With `live: 2` the late message still works; a guess costs both a try; success ends both."""
    gateway = FakeGateway()
    bench = make_bench(free(live=2), gateway=gateway)
    for _ in range(3):
        bench.send()
    codes = [message.code for message in gateway.sent]
    none_of_them = next(f"{n:06}" for n in range(4) if f"{n:06}" not in codes)
    assert bench.verify(none_of_them).tries_left == 2  # type: ignore[union-attr]
    assert bench.verify(codes[1])
    assert bench.verify(codes[2]).reason == "missing"  # type: ignore[union-attr]


def test_a_rejection_brings_the_older_code_back(make_bench: MakeBench) -> None:
    """Invariant 3: the older code returns with the tries and the expiry that it had."""
    gateway = FakeGateway()
    bench = make_bench(free(), gateway=gateway)
    bench.send()
    older = gateway.sent[0].code
    bench.verify(wrong(older))
    bench.clock.advance(100)
    gateway.replies = [Declined(explanation=Phrase("no"))]
    with pytest.raises(GatewayRejected):
        bench.send()
    assert bench.verify(wrong(older)).tries_left == 1  # type: ignore[union-attr]
    bench.clock.advance(199.999)
    assert bench.verify(older)


def test_an_unknown_outcome_keeps_the_code(make_bench: MakeBench) -> None:
    """Invariant 2: a code that may have reached the phone verifies."""
    gateway = FakeGateway([Unclear(explanation=Phrase("lost"))])
    bench = make_bench(free(), gateway=gateway)
    with pytest.raises(Exception, match="lost"):
        bench.send()
    assert bench.verify(gateway.sent[0].code)


def test_a_resend_gives_new_tries_but_no_new_wrong_budget(make_bench: MakeBench) -> None:
    """Invariant 2: resends add nothing to 5 wrong tries; then even the right code is refused."""
    gateway = FakeGateway()
    bench = make_bench(free(wrong_max=5, wrong_window=86400.0), gateway=gateway)
    for _ in range(2):
        bench.send()
        for _ in range(2):
            assert bench.verify(wrong(gateway.sent[-1].code)).reason == "mismatch"  # type: ignore[union-attr]
        bench.clock.advance(10)
    bench.send()
    assert bench.verify(wrong(gateway.sent[-1].code)).tries_left == 2  # type: ignore[union-attr]
    locked = bench.verify(gateway.sent[-1].code)
    assert isinstance(locked, Rejected)
    assert (locked.reason, locked.retry_after) == ("locked", 86400 - 20)


def test_a_locked_phone_gets_no_code(make_bench: MakeBench) -> None:
    """Money never buys a code that cannot verify; the lock ends with its window."""
    gateway = FakeGateway()
    bench = make_bench(free(wrong_max=1, wrong_window=600.0), gateway=gateway)
    bench.send()
    bench.verify(wrong(gateway.sent[0].code))
    refused = bench.send()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.rule, refused.retry_after) == ("locked", None, 600)
    assert len(gateway.sent) == 1
    bench.clock.advance(599.999)
    locked = bench.verify(gateway.sent[0].code)
    assert (locked.reason, locked.retry_after) == ("locked", 0.001)  # type: ignore[union-attr]
    bench.clock.advance(0.001)
    assert bench.send()
    assert bench.verify(gateway.sent[1].code)


def test_a_right_code_costs_no_wrong_try(make_bench: MakeBench) -> None:
    """Only compared wrong guesses count towards `wrong`."""
    gateway = FakeGateway()
    bench = make_bench(free(wrong_max=1), gateway=gateway)
    for _ in range(3):
        assert bench.send()
        assert bench.verify(gateway.sent[-1].code)


def test_a_guess_at_nothing_counts_nothing(bench: Bench, server: PrivateServer) -> None:
    """Invariant 5: a guess at a phone without a code is remembered, in no key of its own."""
    assert bench.verify("123456").reason == "missing"  # type: ignore[union-attr]
    assert server.look("KEYS", "*") == [b"{sms}:refusals:2026-11-23"]


def test_a_guess_without_the_challenge_neither_verifies_nor_costs(make_bench: MakeBench) -> None:
    """A stranger who knows the number can neither burn the code nor lock the phone."""
    gateway = FakeGateway()
    bench = make_bench(free(challenge="required", tries=1, wrong_max=1), gateway=gateway)
    sent = bench.send()
    assert isinstance(sent, Sent)
    assert sent.challenge is not None
    code = gateway.sent[0].code
    for challenge in (None, "", "x" * 100_000, "\ud800", sent.challenge[:-1]):
        assert bench.verify(code, challenge=challenge).reason == "missing"  # type: ignore[union-attr]
        assert bench.verify(wrong(code), challenge=challenge).reason == "missing"  # type: ignore[union-attr]
    assert bench.verify(code, challenge=sent.challenge)


def test_without_a_required_challenge_one_that_is_given_is_ignored(bench: Bench) -> None:
    """A caller that passes a challenge everywhere still works where none is required."""
    sent = bench.send()
    assert isinstance(sent, Sent)
    assert sent.challenge is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５a", "1" * 10**6])
def test_what_cannot_be_a_code_is_not_counted(
    bench: Bench, gateway: FakeGateway, typed: str
) -> None:
    """A wrong length or a letter is an error of the caller's, and costs the owner nothing."""
    bench.send()
    with pytest.raises(InvalidCode) as caught:
        bench.verify(typed)
    assert str(caught.value) == "a code has 6 digits"
    assert bench.verify(gateway.sent[0].code)


def test_full_width_digits_are_digits(bench: Bench, gateway: FakeGateway) -> None:
    """What a Chinese input method types verifies."""
    bench.send()
    typed = gateway.sent[0].code.translate({48 + n: 0xFF10 + n for n in range(10)})
    assert bench.verify(f" {typed} ", phone=PHONE)


def test_codes_have_their_length_and_leading_zeros(make_bench: MakeBench) -> None:
    """200 codes of length 4 are digits, and some begin with 0."""
    gateway = FakeGateway()
    bench = make_bench(free(length=4), gateway=gateway)
    for _ in range(200):
        bench.send()
    codes = [message.code for message in gateway.sent]
    assert all(len(code) == 4 and code.isdigit() for code in codes)
    assert any(code.startswith("0") for code in codes)  # fails once in 10^9 runs


def test_a_record_that_cannot_be_written_gives_no_try_away(
    bench: Bench, gateway: FakeGateway, server: PrivateServer
) -> None:
    """Invariant 2: tries that end in an error are counted, and the last of them burns the code."""
    bench.send()
    code = gateway.sent[0].code
    events = "{sms}:events:2026-11-23"
    with server.client as client:
        client.rename(events, "aside")
        client.set(events, "no list")
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                bench.verify(wrong(code))
        client.rename("aside", events)
    assert bench.verify(code).reason == "missing"  # type: ignore[union-attr]


def test_a_send_that_cannot_be_recorded_counts_nowhere(
    bench: Bench, gateway: FakeGateway, server: PrivateServer
) -> None:
    """Nothing is sent, no quota is taken, and no pending send is left in the day's counts."""
    with server.client as client:
        client.set("{sms}:events:2026-11-23", "no list")
        with pytest.raises(StoreUnavailable):
            bench.send()
        assert [key for key in client.scan_iter() if b"events" not in key] == []
    assert gateway.sent == []
