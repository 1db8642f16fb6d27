"""What a type checker has to flag, one mistake a line."""

from smsctl import NotThere, Refused, Sent, open_guard  # flagged


def send(phone: str) -> Sent | Refused:
    """Forget the address, and compare what cannot be."""
    with open_guard() as guard:
        answer = guard.send(phone)  # flagged
        assert answer.expires_in  # flagged
        guard.verify(phone, 123456)  # flagged
        return answer


assert NotThere
