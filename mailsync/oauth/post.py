"""One form posted over HTTPS, through the proxy where one is named; blocking. What http, ssl and the socket raise ends here."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from mailsync.net.dial import bare, dial
from mailsync.oauth.errors import TokenServerAway
from store.settings.proxies import Proxy

ANSWER_SECONDS = 15.0
LONGEST_ANSWER_BYTES = 200_000


def post_form(url: str, form: bytes, *, ca_file: Path | None = None, proxy: Proxy | None = None) -> tuple[int, bytes]:
    """Post a form and return status and body. No redirect is followed: it would carry the secret to somebody else.

    `ca_file` is trusted beside the system's authorities. An `http` URL is for a server on this machine, which the settings see to.

    Raises:
        TokenServerAway: Not reached, not trusted, or no HTTP.
    """
    # Here: it brings the whole of `email` with it, and most inboxes have a password.
    from http.client import HTTPConnection, HTTPException

    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    connection = HTTPConnection(host, port)
    try:
        sock = connection.sock = dial(host, port, seconds=ANSWER_SECONDS, proxy=proxy)
        if is_tls:
            connection.sock = _context(ca_file).wrap_socket(sock, server_hostname=bare(host))
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "Connection": "close"}
        connection.request("POST", path, form, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER_BYTES)
    except ssl.SSLCertVerificationError as error:
        raise TokenServerAway(host, "does not prove to be the right one (its certificate was refused)") from error
    except (OSError, HTTPException, UnicodeError) as error:
        words = "did not answer in time" if isinstance(error, TimeoutError) else "cannot be reached"
        raise TokenServerAway(host, f"{words} ({type(error).__name__})") from error
    finally:
        connection.close()


def _context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context
