"""What TLS with a mail server trusts, shows and accepts; one way for IMAP and SMTP."""

import ssl
from pathlib import Path
from typing import Literal


class CertificateFileBad(ValueError):
    """A certificate that the settings name cannot be read; `key` is the setting, without its table."""

    def __init__(self, key: Literal["ca_file", "client_cert"]) -> None:
        super().__init__(key)
        self.key = key


def client_context(
    *, ca_file: Path | None, ca_pem: str = "", tls_min: Literal["1.2", "1.3"], client_cert: Path | None, client_key: Path | None
) -> ssl.SSLContext:
    """The context for a connection; `ca_file` or `ca_pem` replaces the system's authorities.

    Raises:
        CertificateFileBad: A file is not there, or holds no certificate or no key that could be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file, cadata=ca_pem or None)
    except (OSError, ValueError) as error:
        raise CertificateFileBad("ca_file") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_3 if tls_min == "1.3" else ssl.TLSVersion.TLSv1_2
    if client_cert is not None:
        try:
            # Without a terminal: OpenSSL would ask there for the pass phrase of a key, over the screen.
            context.load_cert_chain(client_cert, client_key, password="")
        except (OSError, ValueError) as error:
            raise CertificateFileBad("client_cert") from error
    return context
