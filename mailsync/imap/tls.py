"""TLS with a mail server: what we trust, what we show, and in plain words why it failed."""

import socket
import ssl

from mailsync.imap.access import ImapAccess
from mailsync.imap.errors import CertificateRefused, CertificateUnreadable, TlsFailed
from mailsync.net.dial import bare

NOT_YET_VALID, EXPIRED, OTHER_HOST, OTHER_ADDRESS = 9, 10, 62, 64
"""OpenSSL's X509_V_ERR_ codes."""


def tls_context(access: ImapAccess) -> ssl.SSLContext:
    """What the settings ask for.

    Raises:
        CertificateUnreadable: `ca_file` or `client_cert` is not there or holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=access.ca_file, cadata=access.ca_pem or None)
    except (OSError, ValueError) as error:
        raise CertificateUnreadable(access.host, "imap.ca_file", str(access.ca_file or "what came with the invitation")) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3 if access.tls_min == "1.3" else ssl.TLSVersion.TLSv1_2
    if access.client_cert is not None:
        try:
            # Without a terminal: OpenSSL would ask there for the pass phrase of a key, over the screen.
            context.load_cert_chain(access.client_cert, access.client_key, password="")
        except (OSError, ValueError) as error:
            raise CertificateUnreadable(access.host, "imap.client_cert", str(access.client_cert)) from error
    return context


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
