"""TLS with a mail server: what we trust, what we show, and in plain words why it failed."""

import socket
import ssl

from mailsync.imap.access import ImapAccess
from mailsync.imap.errors import CertificateRefused, CertificateUnreadable, TlsFailed
from mailsync.net.dial import bare
from mailsync.net.tls import CertificateFileBad, client_context

NOT_YET_VALID, EXPIRED, OTHER_HOST, OTHER_ADDRESS = 9, 10, 62, 64
"""OpenSSL's X509_V_ERR_ codes."""


def tls_context(access: ImapAccess) -> ssl.SSLContext:
    """What the settings ask for.

    Raises:
        CertificateUnreadable: `ca_file` or `client_cert` is not there or holds no certificate.
    """
    try:
        return client_context(
            ca_file=access.ca_file, ca_pem=access.ca_pem, tls_min=access.tls_min, client_cert=access.client_cert, client_key=access.client_key
        )
    except CertificateFileBad as error:
        path = access.client_cert if error.key == "client_cert" else access.ca_file or "what came with the invitation"
        raise CertificateUnreadable(access.host, f"imap.{error.key}", str(path)) from error


def wrapped(sock: socket.socket, context: ssl.SSLContext, access: ImapAccess) -> ssl.SSLSocket:
    """Speak TLS from here on; the socket's time-out holds for the handshake. Raises what ssl raises."""
    return context.wrap_socket(sock, server_hostname=bare(access.host))


def certificate_refused(error: ssl.SSLCertVerificationError, access: ImapAccess) -> CertificateRefused:
    """Say what is wrong with the certificate, and who can mend it."""
    return CertificateRefused(access.host, *_certificate_words(error, access.host))


def tls_failed(error: ssl.SSLError, access: ImapAccess) -> TlsFailed:
    """Say that there is no TLS to agree on."""
    return TlsFailed(access.host, access.port, access.tls, getattr(error, "reason", None) or "no handshake")


def _certificate_words(error: ssl.SSLCertVerificationError, host: str) -> tuple[str, str]:
    # The attributes are there only on errors that OpenSSL itself raised.
    code = getattr(error, "verify_code", 0)
    if code == EXPIRED:
        return "has expired", "whoever runs the server must renew it"
    if code == NOT_YET_VALID:
        return "is not valid yet", "check this machine's clock"
    if code in {OTHER_HOST, OTHER_ADDRESS}:
        return f"was issued to another host than {host}", "check `imap.host`; it must be the name in the certificate"
    return (
        f"was issued by an authority this machine does not know ({getattr(error, 'verify_message', 'no reason given')})",
        "name the house's own CA in `imap.ca_file`",
    )
