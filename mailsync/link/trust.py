"""Which server is the right one: TLS by an authority, by the house's own, or by the fingerprint of an invitation."""

import ssl
from pathlib import Path

import aiohttp

from mailsync.link.address import ServerAddress
from mailsync.link.errors import AddressWrong, ServerNotTrusted


def ssl_for(address: ServerAddress, fingerprint: str | None, ca_file: Path | None) -> ssl.SSLContext | None:
    """The TLS context for an `https` address, None for the others.

    With a fingerprint nothing but that certificate is trusted, and who signed it does not matter; the caller compares it.

    Raises:
        ServerNotTrusted: The CA file cannot be read.
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
    return context


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


def connector_to(address: ServerAddress, fingerprint: str | None, ca_file: Path | None) -> aiohttp.BaseConnector:
    """How aiohttp reaches the address, and whom it believes there."""
    if address.scheme == "unix":
        return aiohttp.UnixConnector(path=address.path)
    if address.scheme == "https":
        if fingerprint:
            return aiohttp.TCPConnector(ssl=aiohttp.Fingerprint(pin(fingerprint)))
        context = ssl_for(address, None, ca_file)
        assert context is not None
        return aiohttp.TCPConnector(ssl=context)
    return aiohttp.TCPConnector()
