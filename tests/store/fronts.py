"""What stands before a server on a real network: a TCP port, and TLS with a CA of our own."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_AUTHORITY = "a CA for tests"
_NEW = timedelta(0)


@dataclass(frozen=True)
class Front:
    """A port on loopback, and the CA that vouches for it where it speaks TLS."""

    port: int
    ca: Path
    heard: list[bytes]
    """What clients said, decrypted."""


@contextmanager
def front(
    server: Path,
    folder: Path,
    *,
    tls: bool,
    host: str = "127.0.0.1",
    age: timedelta = _NEW,
    without: type[x509.ExtensionType] | None = None,
) -> Iterator[Front]:
    """Lead a port of its own to the server's socket; its certificate is made out to `host`."""
    context = vouched_for(host, folder, age=age, without=without) if tls else None
    heard: list[bytes] = []

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            # A client that does not trust the certificate ends the handshake: an OSError.
            with suppress(OSError), socket.socket(socket.AF_UNIX) as behind:
                client = self.request
                if context is not None:
                    client = context.wrap_socket(client, server_side=True)
                with client:
                    behind.connect(str(server))
                    back = threading.Thread(target=_pump, args=(behind, client), daemon=True)
                    back.start()
                    _pump(client, behind, heard)
                    back.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True  # they end when the client closes, which is later

    with Server(("127.0.0.1", 0), Relay) as running:
        threading.Thread(target=running.serve_forever, args=(0.001,)).start()
        yield Front(running.server_address[1], folder / "ca.pem", heard)
        running.shutdown()


def _pump(source: socket.socket, sink: socket.socket, heard: list[bytes] | None = None) -> None:
    with suppress(OSError):
        while said := source.recv(1 << 16):
            if heard is not None:
                heard.append(said)
            sink.sendall(said)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def vouched_for(
    host: str,
    folder: Path,
    *,
    age: timedelta = _NEW,
    without: type[x509.ExtensionType] | None = None,
) -> ssl.SSLContext:
    """Return a TLS context for `host`; its certificate is good for a day before and after.

    Its CA's certificate is left in `ca.pem`, its own and the key in `server.pem`. Both have what
    RFC 5280 asks for, and Python 3.13 with it, but for the extension `without`.
    """
    authority = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "ca.pem").write_bytes(
        _certificate(_AUTHORITY, authority, signed_by=authority, without=without)
    )
    pem = folder / "server.pem"
    own = _certificate(host, key, signed_by=authority, age=age, without=without)
    pem.write_bytes(own + _pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    signed_by: ec.EllipticCurvePrivateKey,
    age: timedelta = _NEW,
    without: type[x509.ExtensionType] | None = None,
) -> bytes:
    now = datetime.now(UTC) - age
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _AUTHORITY)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    for extension in _extensions(name, key, signed_by):
        if not isinstance(extension, without or ()):
            critical = isinstance(extension, x509.BasicConstraints | x509.KeyUsage)
            builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signed_by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _extensions(
    name: str, key: ec.EllipticCurvePrivateKey, signed_by: ec.EllipticCurvePrivateKey
) -> Iterator[x509.ExtensionType]:
    is_authority = key is signed_by
    yield x509.BasicConstraints(ca=is_authority, path_length=None)
    yield x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key())
    yield x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    if not is_authority:
        yield x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
