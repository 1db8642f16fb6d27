"""What the store may know instead of the secret itself: digests of codes, keyed names of subjects.

Everything here is keyed with the HMAC secret: a copy of the store is worth nothing without it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from smsctl.core.phone import Phone

_VERSION = "1"


class Keyring:
    """Derives every digest and name from one secret, which never leaves it."""

    def __init__(self, secret: bytes) -> None:
        # Each is copied for what it is to begin: half the time of beginning with the key.
        self._keyed = hmac.new(secret, digestmod="sha256")
        # BLAKE2b takes a key of at most 64 bytes; a name need not be slow, only keyed.
        self._named = hashlib.blake2b(digest_size=12, key=self._mac("names"))

    def __repr__(self) -> str:
        return "Keyring()"

    def digest(self, phone: Phone, purpose: str, code: str) -> bytes:
        """Return what is stored of a code: 32 bytes."""
        return self._mac(_VERSION, purpose, phone.e164, code)

    def challenge(self, phone: Phone, purpose: str, request_id: str) -> str:
        """Return the challenge of a request: 128 bits that only the secret's owner can compute.

        It is derived rather than stored, so that a repeated request id is answered in full.
        """
        mac = self._mac("challenge", purpose, phone.e164, request_id)
        return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()

    def challenge_digest(self, challenge: str) -> bytes:
        """Return what is stored of a challenge: 16 bytes."""
        return self._mac("challenge-digest", challenge)[:16]

    def fingerprint(self) -> bytes:
        """Return what tells one secret from another: 16 characters."""
        return self._mac("fingerprint").hex()[:16].encode()

    def name(self, kind: str, text: str) -> str:
        """Return the keyed name of a phone, an address or a segment: 16 characters."""
        named = self._named.copy()
        named.update(f"{kind}|{text}".encode())
        return base64.urlsafe_b64encode(named.digest()).decode()

    def _mac(self, *parts: str) -> bytes:
        # A challenge comes from strangers, and JSON can hold half a character.
        keyed = self._keyed.copy()
        keyed.update("|".join(parts).encode("utf-8", "surrogatepass"))
        return keyed.digest()
