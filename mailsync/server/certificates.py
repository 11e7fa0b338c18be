"""What names a certificate: the SHA-256 of all of it, and the subject as its authority wrote it."""

import hashlib
import ssl
from collections.abc import Iterable
from typing import cast

from aiohttp import web

BY_FINGERPRINT = "sha256:"
BY_SUBJECT = "subject:"

SHORT = {
    "commonName": "CN",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "stateOrProvinceName": "ST",
    "localityName": "L",
    "emailAddress": "emailAddress",
    "serialNumber": "serialNumber",
    "userId": "UID",
    "domainComponent": "DC",
}
"""As openssl's `-subject` writes them."""

Subject = Iterable[Iterable[tuple[str, str]]]


def names_of_peer(request: web.Request) -> tuple[str, ...]:
    """The names of the certificate that the client showed, and TLS has checked; none: it showed none."""
    spoken = request.transport.get_extra_info("ssl_object") if request.transport is not None else None
    if spoken is None:
        return ()
    tls = cast("ssl.SSLObject", spoken)
    whole, told = tls.getpeercert(binary_form=True), tls.getpeercert()
    if not whole or not told:
        return ()
    return (fingerprint_name(whole), subject_name(cast("Subject", told.get("subject", ()))))


def fingerprint_name(der: bytes) -> str:
    """`sha256:` and 64 hex digits."""
    return BY_FINGERPRINT + hashlib.sha256(der).hexdigest()


def subject_name(subject: Subject) -> str:
    """`subject:CN=…,O=…`, in the order of the certificate; a comma or an equals sign inside a value is escaped, so that none can pretend."""
    parts = (f"{SHORT.get(kind, kind)}={_escaped(value)}" for group in subject for kind, value in group)
    return BY_SUBJECT + ",".join(parts)


def _escaped(value: str) -> str:
    return "".join(f"\\{letter}" if letter in ",=\\+" else letter for letter in value)


def certificate_name(text: str) -> str | None:
    """The name as it is kept, of a name as a person writes it: a fingerprint with or without colons, or a subject; None: it is neither."""
    kind, _, rest = text.partition(":")
    if kind == "subject" and "=" in rest:
        return f"{BY_SUBJECT}{rest.strip()}"
    plain = (rest if kind.lower() == "sha256" else text).replace(":", "").strip().lower()
    if len(plain) == 64 and all(letter in "0123456789abcdef" for letter in plain):
        return f"{BY_FINGERPRINT}{plain}"
    return None
