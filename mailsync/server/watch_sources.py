"""Which inbox is watched how: by IMAP at the house's server, through the client's pull at the server a terminal started for itself."""

from pathlib import Path

from msgspec.structs import replace

from mailsync.server.watch_imap import PACE, ImapSource, Pace
from mailsync.server.watch_local import LocalStoreSource, PullNow
from mailsync.server.watcher import Watcher
from store.clock import Clock
from store.domain.ids import InboxKey
from store.local.pulled import PulledMails
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings, Settings
from store.team.desk import TeamDesk


def addresses_of(settings: Settings) -> dict[InboxKey, tuple[str, ...]]:
    """What each inbox may write from, lower case; the address it is known by first."""
    return {inbox.key: tuple(address.lower() for _name, address in inbox.own_addresses()) for inbox in settings.inboxes}


def own_addresses(settings: Settings) -> frozenset[str]:
    """The addresses of all our inboxes, lower case: what they send is not a customer's."""
    return frozenset(address for of_inbox in addresses_of(settings).values() for address in of_inbox)


def inboxes_of(settings: Settings) -> tuple[InboxSettings, ...]:
    """The inboxes with the login filled in, where it is the member's own (`{member}`)."""
    return tuple(
        replace(inbox, imap=replace(inbox.imap, user=inbox.imap.user_for(settings.member))) if settings.member else inbox
        for inbox in settings.inboxes
    )


def watch_by_imap(desk: TeamDesk, settings: Settings, secrets: Secrets, clock: Clock, *, pace: Pace = PACE) -> Watcher:
    """A watcher that reads the mailboxes itself."""
    return Watcher({inbox.key: ImapSource(desk, inbox, secrets, clock, pace=pace) for inbox in inboxes_of(settings)})


def watch_by_client(
    desk: TeamDesk, settings: Settings, secrets: Secrets, clock: Clock, *, home: Path, pull_now: PullNow, pace: Pace = PACE
) -> Watcher:
    """A watcher that reads what the client of the same home pulled."""
    pulled = PulledMails(home)
    return Watcher(
        {inbox.key: LocalStoreSource(desk, pulled, pull_now, ImapSource(desk, inbox, secrets, clock, pace=pace)) for inbox in inboxes_of(settings)}
    )
