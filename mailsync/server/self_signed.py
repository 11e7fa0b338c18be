"""A certificate for a house without an authority: members trust its fingerprint, which their invitation carries."""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mailsync.server.errors import CertificateThere, ListenRefused
from store.settings.atomic import replace_file

CERTIFICATE, KEY = "tls-cert.pem", "tls-key.pem"
BACKDATED = dt.timedelta(days=1)
"""A member's clock may be behind."""
LONGEST_COMMON_NAME = 64


@dataclass(frozen=True)
class Made:
    """Where it lies, and the hex SHA-256 of it."""

    certificate: Path
    key: Path
    fingerprint: str
    names: tuple[str, ...]


def make_certificate(home: Path, names: Sequence[str], *, days: int, renew: bool) -> Made:
    """Write a key (0600, P-256) and a certificate signed with itself into the home.

    Raises:
        CertificateThere: One is there already, and members trust it.
        ListenRefused: A name is none.
    """
    place = home / CERTIFICATE
    if place.exists() and not renew:
        raise CertificateThere(place)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(key, names, days)
    # The key first: a certificate without its key would stop the next start.
    replace_file(home / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    replace_file(place, certificate.public_bytes(Encoding.PEM))
    return Made(place, home / KEY, certificate.fingerprint(hashes.SHA256()).hex(), tuple(dict.fromkeys(names)))


def _signed(key: ec.EllipticCurvePrivateKey, names: Sequence[str], days: int) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:LONGEST_COMMON_NAME])])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_name(name) for name in dict.fromkeys(names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name.encode("idna").decode())
    except UnicodeError as error:
        raise ListenRefused(name, "it is no name of a machine.") from error
