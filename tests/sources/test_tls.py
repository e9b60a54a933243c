"""Certificates: the name is verified although the connection goes to a judged address, and never switched off."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.sources.base import SourceConfig
from connectors.sources.sentinelone.source import SentinelOneSource
from connectors.sources.waits import Waits
from tests.sources.console import Console
from tests.sources.sentinelone.tenant import TOKEN, make_healthy
from tests.sources.test_guard import resolves_to

NAME = "console.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for ``NAME`` with its key, which also serves as the private authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "console.pem"
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(encoding) + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    )
    return path


@pytest.fixture
def names() -> list[str | None]:
    """The names that clients asked for in the TLS handshake."""
    return []


@pytest.fixture
def secure_console(certificate: Path, names: list[str | None]) -> Iterator[Console]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda sock, name, ctx: names.append(name)
    console = Console(context)
    make_healthy(console)
    yield console
    console.close()


def source_for(console: Console, name: str, ca_bundle: str) -> SentinelOneSource:
    url = console.url.replace("http://127.0.0.1", f"https://{name}")
    config = SourceConfig(url, TOKEN, allowed_networks=("127.0.0.0/8",), ca_bundle=ca_bundle)
    return SentinelOneSource(config, waits=Waits(tries=1, connect=2.0, read=2.0))


def test_a_private_authority_vouches_for_the_name(
    monkeypatch: pytest.MonkeyPatch, secure_console: Console, certificate: Path, names: list[str | None]
):
    resolves_to(monkeypatch, ["127.0.0.1"])
    source = source_for(secure_console, NAME, str(certificate))
    assert source.check().can_import
    assert set(names) == {NAME}
    assert len({a.client_port for a in secure_console.asked}) == 1
    source.close()


def test_a_certificate_for_another_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, secure_console: Console, certificate: Path
):
    resolves_to(monkeypatch, ["127.0.0.1"])
    step = source_for(secure_console, "other.example", str(certificate)).check().failed_step
    assert step is not None
    assert (step.code, step.error_code) == ("host", "unreachable")
    assert "certificate" in step.sentence
    assert secure_console.asked == []


def test_an_unknown_authority_is_refused(monkeypatch: pytest.MonkeyPatch, secure_console: Console):
    resolves_to(monkeypatch, ["127.0.0.1"])
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    step = source_for(secure_console, NAME, "").check().failed_step
    assert step is not None
    assert "SOURCE_CA_BUNDLE" in step.sentence
    assert secure_console.asked == []


def test_a_ca_bundle_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, secure_console: Console):
    resolves_to(monkeypatch, ["127.0.0.1"])
    step = source_for(secure_console, NAME, "/nowhere/ca.pem").check().failed_step
    assert step is not None
    assert "certificate" in step.sentence.lower()
    assert secure_console.asked == []
