"""What is read of a home's store: lists, search, conversations and their messages. Nothing here writes."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from store.domain.conversation import Conversation
from store.domain.events import Recorded
from store.domain.foresight import Foresight, Making
from store.domain.ids import ConversationId, InboxKey, MemberKey, MessageId, Seq
from store.domain.message import Address
from store.domain.query import Query
from store.domain.saved_view import PLAIN, Arrangement
from store.local.addresses import known_addresses, latest_names, seen_addresses
from store.local.candidates import candidates
from store.local.drafts import Drafts
from store.local.files import Files
from store.local.hits import Hit
from store.local.lists import Lists
from store.local.mail import Mail
from store.local.mirror import Mirror
from store.local.overlay import Overlay
from store.local.rows import ConversationRow, Mention, Page, PageKey, SentMail, StoredMessage
from store.local.search import Order, Search
from store.local.sent import latest_texts, sent_to

T = TypeVar("T")


class Looking:
    """Safe from any thread; see `store.local.store.LocalStore`, which adds what writes. Any method may raise StoreError."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._overlay = Overlay(files)
        self._mail = Mail(files, self._overlay)
        self._mirror = Mirror(files, self._overlay)
        self._lists = Lists(files)
        self._search = Search(files)
        self._drafts = Drafts(files)
        files.me = self._drafts.load_me()

    def ask(self, work: Callable[[], T], priority: int = 0) -> Future[T]:
        """Run `work`, which reads this store, on the reader's thread: higher priority first, then the newest request."""
        return self._files.ask(work, priority)

    def page(
        self,
        query: Query,
        *,
        limit: int,
        after: PageKey | None = None,
        before: PageKey | None = None,
        from_end: bool = False,
        arrangement: Arrangement = PLAIN,
    ) -> Page:
        """At most `limit` lines, newest first or as they are arranged: from the top, after a place, before one, or the last ones.

        Without words it is one of the three views or a part of it; junk is only in a list that names it.
        """
        return self._lists.page(query, limit=limit, after=after, before=before, from_end=from_end, arrangement=arrangement)

    def best(self, query: Query, *, limit: int) -> tuple[ConversationRow, ...] | None:
        """The lines of the mails that answer best, by relevance, then of comments; None: there are no words to weigh."""
        found = self._search.best(query, limit)
        return None if found is None else self._lists.rows(found)

    def ids(self, query: Query, *, newest: PageKey | None = None, oldest: PageKey | None = None, limit: int) -> tuple[PageKey, ...]:
        """The places of at most `limit` lines, newest first, from one place to another, both included; None: from the top, to the end."""
        return self._lists.ids(query, newest=newest, oldest=oldest, limit=limit)

    def foresee(self, ids: Collection[ConversationId], make: Making, at: datetime) -> Foresight:
        """What would come of a command for these, by the mirror and the waiting commands; what is not here is in none of its parts."""
        return self._overlay.foresee(ids, make, at)

    def candidates(self) -> tuple[ConversationRow, ...]:
        """A few hundred lines among which this home's agent finds what to do next (`store.domain.next_best`)."""
        return candidates(self._lists)

    def position(self, query: Query, key: PageKey) -> int:
        """How many lines of the list stand before this place."""
        return self._lists.position(query, key)

    def count(self, query: Query, *, most: int | None = None) -> int:
        """The length of the list; at once for the three views. With `most`: above it, `most + 1` says that there are more."""
        return self._lists.count(query, most)

    def fulfils(self, query: Query, conversation_id: ConversationId) -> bool:
        """Whether a conversation is one of those that the query, or a part of it, asks for; junk is too, where it does."""
        return self._lists.fulfils(query, conversation_id)

    def row(self, conversation_id: ConversationId) -> ConversationRow | None:
        """One line."""
        return self._lists.row(conversation_id)

    def resolve(self, text: str) -> ConversationId | None:
        """What a person means: an id, an alias, `#12` or `12`, or the beginning of one id only, of four letters or more."""
        return self._lists.resolve(text)

    def conversation(self, conversation_id: ConversationId) -> Conversation | None:
        """A conversation with the waiting commands' effect; one that only the mailbox knows stands at revision 0."""
        return self._mirror.conversation(conversation_id)

    def messages(self, conversation_id: ConversationId) -> tuple[StoredMessage, ...]:
        """The messages of a conversation that were pulled, oldest first."""
        return self._mail.messages(conversation_id)

    def conversation_of(self, message_id: MessageId, inbox: InboxKey) -> ConversationId | None:
        """The conversation this message is in, of this inbox before any other; None: it is not here."""
        return self._mail.conversation_of(message_id, inbox)

    def sent_to(self, addresses: Collection[str], since: datetime) -> tuple[SentMail, ...]:
        """What left for one of these addresses (in To) since then, as the copies in Sent tell: the newest twenty, newest first."""
        return self._files.read(lambda connection: sent_to(connection, addresses, since))

    def raw(self, message_id: MessageId, inbox: InboxKey, content_sha256: str = "") -> bytes | None:
        """The source as it came; None when it is not here, or not whole. Without the hash it is any message's with this Message-ID."""
        return self._mail.raw(message_id, inbox, content_sha256)

    def timeline(self, conversation_id: ConversationId) -> tuple[Recorded, ...]:
        """The events of a conversation that were told one by one, oldest first; those before a snapshot are not here."""
        return self._mirror.timeline(conversation_id)

    def search(self, query: Query, *, limit: int = 50, order: Order = Order.NEWEST) -> tuple[Hit, ...]:
        """Messages and comments that match, junk included; by relevance the best of the newest 2,000 messages, then comments."""
        return self._search.search(query, limit, order)

    def search_count(self, query: Query, *, most: int = 1_000) -> int:
        """How many hits there are; above `most`, `most + 1` says that there are more."""
        return self._search.count(query, most)

    def known_addresses(self, prefix: str, limit: int = 20) -> tuple[Address, ...]:
        """Whoever wrote to the team or was written to, whose address or name begins so; the latest first."""
        return self._files.read(lambda connection: known_addresses(connection, prefix, limit))

    def latest_names(self, limit: int) -> tuple[Address, ...]:
        """Whoever wrote to the team or was written to and has a name, the latest first."""
        return self._files.read(lambda connection: latest_names(connection, limit))

    def seen_addresses(self, addresses: Collection[str]) -> frozenset[str]:
        """Those of them that ever wrote to the team or were written to, case folded."""
        return self._files.read(lambda connection: seen_addresses(connection, addresses))

    def latest_texts(self, limit: int) -> tuple[tuple[str, str], ...]:
        """The latest mails that came in: from which address, and what they say."""
        return self._files.read(lambda connection: latest_texts(connection, limit))

    def mailbox_names(self) -> tuple[str, ...]:
        """Every mailbox that was pulled, by name."""
        return self._files.read(lambda connection: tuple(row[0] for row in connection.execute("SELECT DISTINCT name FROM mailbox ORDER BY name")))

    def happened_after(self, seq: Seq, most: int) -> tuple[Recorded, ...]:
        """Events of the whole team that were told one by one after this place in the journal, oldest first; those before a snapshot are not here."""
        return self._mirror.happened_after(seq, most)

    def mentions(self, me: MemberKey, *, at_most: int = 1_000) -> tuple[Mention, ...]:
        """Comments of others that name this member or all, newest first."""
        return self._mirror.mentions(me, at_most)
