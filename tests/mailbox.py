"""A mail server of the tests: it takes letters over real SMTP, and answers as it is told to."""

import asyncio
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "jinzhu", "p@ss/word:1"
TAKEN = "250 OK"


@dataclass
class Mailbox:
    """What a mail server was given, and what it answers."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    recipient: str = TAKEN
    content: str = TAKEN
    #: Whether it ends the connection once it has a letter, and whether it keeps the sender waiting.
    hangs_up: bool = False
    waits: bool = False
    go_on: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Take a receiver, or not."""
        if self.recipient == TAKEN:
            envelope.rcpt_tos.append(address)
            self.receivers.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a letter, or not."""
        if self.content == TAKEN:
            found = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(found, EmailMessage)
            self.letters.append(found)
        while self.waits and not self.go_on.is_set():
            await asyncio.sleep(0.02)
        if self.hangs_up:
            server.transport.abort()
        return self.content

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any
    ) -> AuthResult:
        """Let those in who have the password."""
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=self.logins[-1] == (USER, PASSWORD), handled=False)

    def text_of(self, number: int = -1) -> str:
        """Return the plain part of a letter."""
        part = self.letters[number].get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def page_of(self, number: int = -1) -> str:
        """Return the part of a letter that is a page."""
        part = self.letters[number].get_body(("html",))
        assert part is not None
        return str(part.get_content())


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def open_mailbox(
    *, certificate: Path | None = None, tls: bool = False, login: bool = False
) -> Iterator[Mailbox]:
    """Listen for letters; with STARTTLS where there is a certificate, or with TLS at once."""
    box = Mailbox(port=free_port())
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    more: dict[str, Any] = {"ssl_context": context} if tls else {"tls_context": context}
    if login:
        more |= {"authenticator": box.authenticate, "auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        box.go_on.set()
        controller.stop()


def certify(place: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    place.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return place
