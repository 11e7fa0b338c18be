"""Which server is the right one: TLS by an authority, by the house's own, or by the fingerprint of an invitation."""

import hashlib
import hmac
import os
import ssl
from pathlib import Path

import aiohttp

from mailsync.link.address import ServerAddress
from mailsync.link.errors import AddressWrong, CertificateUnreadable, ServerNotTrusted

NOT_THE_ONE = "its certificate is not the one of the invitation"

Certificate = tuple[Path, Path]
"""A client's own, and its key, as PEM files."""


def ssl_for(address: ServerAddress, fingerprint: str | None, ca_file: Path | None, certificate: Certificate | None = None) -> ssl.SSLContext | None:
    """The TLS context for an `https` address, None for the others.

    With a fingerprint nothing but that certificate is trusted, and who signed it does not matter; the caller compares it.

    Raises:
        ServerNotTrusted: The CA file, or the own certificate, cannot be read.
    """
    if address.scheme != "https":
        return None
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise ServerNotTrusted(str(address), f"its CA file {ca_file} cannot be read") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if fingerprint:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate is not None:
        try:
            context.load_cert_chain(*certificate)
        except (OSError, ssl.SSLError) as error:
            raise ServerNotTrusted(str(address), f"the own certificate {certificate[0]} cannot be used") from error
    return context


def is_proven(address: ServerAddress) -> bool:
    """Whether who answers there is who was meant: by TLS, or by a socket that nobody but this account, or root, can have put there."""
    if address.scheme == "unix":
        try:
            return Path(address.path).stat().st_uid in (os.geteuid(), 0)
        except OSError:
            return False
    # http, be it to this machine: whoever takes the port when the server is away is believed there.
    return address.scheme == "https"


def pin(fingerprint: str) -> bytes:
    """The 32 bytes of a certificate's SHA-256, from hex with or without colons.

    Raises:
        AddressWrong: It is none.
    """
    try:
        digest = bytes.fromhex(fingerprint.replace(":", ""))
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise AddressWrong(fingerprint, "is no SHA-256 fingerprint (64 hex digits)")
    return digest


def fingerprint_of_file(path: Path) -> str:
    """The hex SHA-256 of the first certificate of a PEM file.

    Raises:
        CertificateUnreadable: There is none.
    """
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    try:
        pem = path.read_text(encoding="ascii")
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem[pem.index(begin) : pem.index(end) + len(end)])).hexdigest()
    except (OSError, ValueError) as error:
        raise CertificateUnreadable(path) from error


class _Pinned(ssl.SSLObject):
    """A TLS line to one certificate and no other. For a context that shows a certificate of its own: aiohttp pins only without one."""

    digest = b""

    def do_handshake(self) -> None:
        """As of every line; afterwards the other end is the one that was meant.

        Raises:
            ssl.SSLCertVerificationError: It is another.
        """
        super().do_handshake()
        if not hmac.compare_digest(hashlib.sha256(self.getpeercert(binary_form=True) or b"").digest(), self.digest):
            error = ssl.SSLCertVerificationError(1, NOT_THE_ONE)
            error.verify_message = NOT_THE_ONE
            raise error


def connector_to(
    address: ServerAddress, fingerprint: str | None, ca_file: Path | None, certificate: Certificate | None = None
) -> aiohttp.BaseConnector:
    """How aiohttp reaches the address, whom it believes there, and what it shows of itself."""
    if address.scheme == "unix":
        return aiohttp.UnixConnector(path=address.path)
    if address.scheme != "https":
        return aiohttp.TCPConnector()
    if fingerprint and certificate is None:
        return aiohttp.TCPConnector(ssl=aiohttp.Fingerprint(pin(fingerprint)))
    context = ssl_for(address, fingerprint, ca_file, certificate)
    assert context is not None
    if fingerprint:
        context.sslobject_class = type("Pinned", (_Pinned,), {"digest": pin(fingerprint)})
    return aiohttp.TCPConnector(ssl=context)
