"""From an inbox's settings and secrets to a login at its IMAP server: one way for the engine, the server's watcher, the outbox and `doctor`."""

from pathlib import Path

from mailsync.imap.access import ImapAccess
from mailsync.oauth.credentials import imap_credential
from store.clock import Clock, SystemClock
from store.domain.ids import MemberKey
from store.settings.proxies import parse_proxy
from store.settings.secrets import Secrets
from store.settings.tables import InboxSettings

PATIENCE_SECONDS = 30.0


def imap_access(
    inbox: InboxSettings, secrets: Secrets, member: MemberKey | None, *, timeout_seconds: float = PATIENCE_SECONDS, clock: Clock | None = None
) -> ImapAccess:
    """How `member` reaches an inbox's mailboxes. May run the house's command or renew a token, so it blocks.

    Raises:
        MadoError: There is no password or token to be had.
    """
    imap = inbox.imap
    credential = imap_credential(inbox, secrets, clock or SystemClock())
    return ImapAccess(
        imap.host,
        imap.port,
        imap.tls,
        imap.user_for(member) if member else imap.user,
        credential.secret,
        ca_file=Path(imap.ca_file) if imap.ca_file else None,
        timeout_seconds=timeout_seconds,
        tls_min=imap.tls_min,
        client_cert=Path(imap.client_cert) if imap.client_cert else None,
        client_key=Path(imap.client_key) if imap.client_key else None,
        auth=imap.auth,
        renewed=credential.renewed,
        proxy=parse_proxy(imap.proxy),
    )
