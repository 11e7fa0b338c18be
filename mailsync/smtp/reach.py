"""From an inbox's settings and secrets to a login at its submission server: one way for the outbox and `doctor`."""

from pathlib import Path

from mailsync.oauth.credentials import smtp_credential
from mailsync.smtp.access import SmtpAccess
from store.clock import Clock, SystemClock
from store.domain.ids import InboxKey
from store.errors import BadInput
from store.settings.proxies import parse_proxy
from store.settings.secrets import Secrets
from store.settings.tables import InboxSettings


class NoMailServer(BadInput):
    """The inbox has no `[inbox.smtp]`: nothing can be sent from it."""

    def __init__(self, inbox: InboxKey) -> None:
        super().__init__(f"The inbox {inbox} has no `[inbox.smtp]` in the server's settings. Nothing was sent.", inbox=inbox)


def smtp_access(inbox: InboxSettings, secrets: Secrets, *, timeout_seconds: float, clock: Clock | None = None) -> SmtpAccess:
    """How to reach an inbox's submission server. May run the house's command or renew a token, so it blocks.

    Raises:
        NoMailServer: The settings name none.
        MadoError: There is no password or token to be had.
    """
    smtp = inbox.smtp
    if smtp is None:
        raise NoMailServer(inbox.key)
    credential = smtp_credential(inbox, smtp, secrets, clock or SystemClock()) if smtp.user else None
    return SmtpAccess(
        smtp.host,
        smtp.port,
        smtp.tls,
        smtp.user,
        credential.secret if credential else None,
        ca_file=Path(smtp.ca_file) if smtp.ca_file else None,
        timeout_seconds=timeout_seconds,
        tls_min=smtp.tls_min,
        client_cert=Path(smtp.client_cert) if smtp.client_cert else None,
        client_key=Path(smtp.client_key) if smtp.client_key else None,
        auth=smtp.auth,
        renewed=credential.renewed if credential else None,
        proxy=parse_proxy(smtp.proxy),
        dsn=smtp.dsn,
    )
