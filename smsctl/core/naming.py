"""What the store may know instead of the secret itself: digests of codes, keyed names of subjects.

Everything here is keyed with the HMAC secret: a copy of the store is worth nothing without it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from smsctl.core.phone import Phone

_VERSION = "1"
_NAME = 12  # bytes

NOBODY = bytes(_NAME)
"""The name of an address where no client is behind the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonyms:
    """Who asks, as the store may know it."""

    phone: str
    prefix: str
    ip: str | None
    names: bytes = field(repr=False)
    """The three names, 12 bytes each."""
    encrypted: bytes = field(repr=False)
    """The masked phone, the prefix and the address, encrypted."""


class Keyring:
    """Derives every digest and name from one secret, which never leaves it."""

    def __init__(self, secret: bytes) -> None:
        # Each is copied for what it is to begin: half the time of beginning with the key.
        self._keyed = hmac.new(secret, digestmod="sha256")
        # BLAKE2b takes a key of at most 64 bytes; a name need not be slow, only keyed.
        self._named = hashlib.blake2b(digest_size=_NAME, key=self._mac("names"))
        self._cipher = hashlib.blake2b(digest_size=64, key=self._mac("encrypt"))

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
        """Return the keyed name of a phone, an address or a prefix: 16 characters."""
        return base64.urlsafe_b64encode(self._name(kind, text)).decode()

    def pseudonyms(self, phone: Phone, address: str | None) -> Pseudonyms:
        """Return what the store may know of who asks.

        The same caller has the same pseudonyms. The names alone decide the key stream, so no stream
        is ever used for two texts.
        """
        names = [self._name("phone", phone.e164), self._name("prefix", phone.prefix)]
        names.append(NOBODY if address is None else self._name("ip", address))
        told = f"{phone.masked} {phone.prefix} {address or ''}".encode()
        encrypted = self._crypt(names[0] + names[2], told)
        texts = [base64.urlsafe_b64encode(name).decode() for name in names]
        return Pseudonyms(
            phone=texts[0],
            prefix=texts[1],
            ip=None if address is None else texts[2],
            names=b"".join(names),
            encrypted=encrypted,
        )

    def decrypt(self, names: bytes, encrypted: bytes) -> tuple[str, str, str | None]:
        """Return the masked phone, the prefix and the address; garbage of another's."""
        told = self._crypt(names[:_NAME] + names[2 * _NAME :], encrypted).decode("utf-8", "replace")
        phone, _, rest = told.partition(" ")
        prefix, _, address = rest.partition(" ")
        return phone, prefix, address or None

    def _name(self, kind: str, text: str) -> bytes:
        named = self._named.copy()
        named.update(f"{kind}|{text}".encode())
        return named.digest()

    def _crypt(self, nonce: bytes, text: bytes) -> bytes:
        stream = self._cipher.copy()
        stream.update(nonce)
        length = len(text)
        key = int.from_bytes(stream.digest()[:length])
        return (int.from_bytes(text) ^ key).to_bytes(length)

    def _mac(self, *parts: str) -> bytes:
        # A challenge comes from strangers, and JSON can hold half a character.
        keyed = self._keyed.copy()
        keyed.update("|".join(parts).encode("utf-8", "surrogatepass"))
        return keyed.digest()
