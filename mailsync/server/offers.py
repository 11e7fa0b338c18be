"""The inboxes as a member gets them on joining: where the mail is, and, only where the house says so, its password."""

from pathlib import Path

import msgspec

from mailsync.link.protocol import InboxOffer
from mailsync.server.authorise import Transport, sees
from store.domain.ids import InboxKey
from store.domain.people import Member, Role, role_in
from store.errors import MadoError
from store.settings.secrets import Secret, Secrets
from store.settings.settings import InboxSettings, Settings

MEMBER = "{member}"
"""In a user name: each member has a login of their own."""

PRIVATE = frozenset({Transport.UNIX, Transport.TLS, Transport.LOOPBACK})
"""Where nobody between the two ends can read along."""


class Offers:
    """Made from the server's own settings. Reads files and the keyring: call it off the event loop."""

    def __init__(self, settings: Settings, secrets: Secrets) -> None:
        self._settings = settings
        self._secrets = secrets

    def inbox_keys(self) -> tuple[InboxKey, ...]:
        """Every inbox there is."""
        return tuple(inbox.key for inbox in self._settings.inboxes)

    @property
    def waiting_steps(self) -> tuple[str, ...]:
        """When a customer's wait calls louder in this house."""
        return self._settings.list.waiting_steps

    def for_member(self, member: Member, transport: Transport) -> tuple[InboxOffer, ...]:
        """What this member is offered over this transport."""
        return tuple(self._offer(inbox, member, transport) for inbox in self._settings.inboxes if sees(member, inbox.key))

    def _offer(self, inbox: InboxSettings, member: Member, transport: Transport) -> InboxOffer:
        imap = inbox.imap
        return InboxOffer(
            key=inbox.key,
            address=inbox.address,
            mailboxes=tuple(inbox.mailboxes),
            host=imap.host,
            port=imap.port,
            tls=imap.tls,
            user=imap.user.replace(MEMBER, member.key),
            auth=imap.auth,
            token_url=imap.token_url,
            client_id=imap.client_id,
            scope=imap.scope,
            name=inbox.name,
            sent=inbox.sent,
            ca_pem=_contents(imap.ca_file),
            password=self._password(inbox, member, transport),
            addresses=inbox.addresses,
            writing=msgspec.to_builtins(inbox.writing),
        )

    def _password(self, inbox: InboxSettings, member: Member, transport: Transport) -> str | None:
        if role_in(member, inbox.key) is Role.GUEST or transport not in PRIVATE:
            return None
        password = self._shared(inbox)
        return password.reveal() if password is not None else None

    def shared_passwords(self) -> dict[InboxKey, Secret]:
        """The passwords that members are told, as they are now."""
        found = ((inbox.key, self._shared(inbox)) for inbox in self._settings.inboxes)
        return {key: password for key, password in found if password is not None}

    def _shared(self, inbox: InboxSettings) -> Secret | None:
        # A token is not shared: used at two places, a provider withdraws it.
        if not inbox.imap.share_password or MEMBER in inbox.imap.user or inbox.imap.auth != "password":
            return None
        try:
            return self._secrets.password_for("imap", inbox)
        except MadoError:
            # Joining works without it: the member is asked for the password, and `doctor` says what is wrong here.
            return None


def _contents(ca_file: Path | str | None) -> str | None:
    if not ca_file:
        return None
    try:
        return Path(ca_file).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
