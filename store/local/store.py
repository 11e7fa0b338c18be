"""The agent's local store: one face over mail, mirror, lists, search, drafts and the offline queue of one home. Its reading half is `Looking`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from store.domain.commands import AgentCommand
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.events import Recorded, TeamEvent
from store.domain.ids import CommandKey, ConversationId, InboxKey, MemberKey, MessageId, Seq
from store.domain.people import Member
from store.domain.refusals import Refusal
from store.domain.team_facts import TeamFacts, names_of_statuses
from store.domain.template import Template, TemplateUses
from store.local.changes import EVERYTHING
from store.local.drafts import follow
from store.local.files import Files
from store.local.following import Following
from store.local.intake import Prepared
from store.local.labels import Labels
from store.local.ledger import Ledger
from store.local.looking import Looking
from store.local.read_marks import ReadMarks
from store.local.remainder import Remainder
from store.local.rows import Cursor, NewMail, Pending, Place, PresentRow
from store.local.template_news import TemplateNews
from store.local.traces import Traces
from store.local.waiting_files import WaitingFiles
from store.local.waiting_replies import WaitingReplies


class LocalStore(Looking):
    """Safe from any thread and beside other processes on the same home. Every write returns after its commit.

    The cache can be thrown away: mail and mirror come again. Drafts, waiting commands and read marks lie apart, in `kept.db`.
    Any method may raise `store.sqlite.errors.StoreError`.
    """

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self.traces = Traces(files, self._mirror)
        self.remainder = Remainder(files, self._overlay)
        """What the mirror's first page left for later."""
        self.shrinking = self._mirror.shrinking
        """What goes when a right goes."""
        self.labels = Labels(files)
        self.marks = ReadMarks(files, self._overlay)
        """How far this home's agent has read, and what woke for them."""
        self.ledger = Ledger(files, self._overlay)
        """Whether what is here is what the servers have, and whether the store agrees with itself."""
        self.template_news = TemplateNews(files)
        self.mailing_news = self._mirror.mailing_news
        self.waiting_files = WaitingFiles(files.kept_path.parent)
        self.waiting_replies = WaitingReplies(files, self._overlay)
        self.changes = files.changes
        self.path = files.cache_path
        self.repairs = files.repairs
        """What had to be set aside or made anew while opening: sentences to show once."""

    @classmethod
    def open(cls, home: Path, *, readonly: bool = False) -> Self:
        """Open the store of a home; it is created, or rebuilt when it is damaged or older.

        `readonly`: for a verb that only looks; the mending of lines after a crash is left to others.

        Raises:
            StoreTooNew: A newer madoguchi wrote it; nothing was touched.
            CannotOpen: The home cannot be used.
        """
        store = cls(Files(home))
        if not readonly:
            follow(store._files)
            store._overlay.mend()
        return store

    def close(self) -> None:
        """Finish what was submitted and give the files back. Closing twice is no error."""
        self._files.close()

    def is_there(self) -> bool:
        """Whether the home's files still lie where they were opened; blocking, as slow as the disk."""
        return self._files.are_there()

    def hold(self) -> None:
        """Open all that would be opened at its first use, so that a text can still be sent if the home is removed under it."""
        self._files.hold()

    def following(self) -> Following:
        """What tells this store's subscribers of the commits of other processes; close it."""
        return Following(self._files)

    # Mail: called by the engine, from its workers.

    def cursor(self, inbox: InboxKey, mailbox: str) -> Cursor | None:
        """How far this mailbox was pulled; None: not at all."""
        return self._mail.cursor(inbox, mailbox)

    def commit_pull(
        self,
        inbox: InboxKey,
        mailbox: str,
        new: Sequence[NewMail | Prepared],
        cursor: Cursor,
        gone: Sequence[int] = (),
        flags: Mapping[int, tuple[str, ...]] | None = None,
        *,
        forget_uids: bool = False,
        outgoing: bool = False,
    ) -> frozenset[ConversationId]:
        """Store a batch: mails, threads, index, flags and the cursor in one transaction; the answer is the conversations it touched.

        A message is known by inbox, Message-ID and content: seen again, in another mailbox or under another uid, it gets one more
        place and is no second one. `gone` takes places away, never the message. `forget_uids`: the uidvalidity is another one.
        `outgoing`: this mailbox is Sent. A message stored `header_only` is completed when it comes again whole. Mails may come `Prepared`
        (`store.local.intake.prepare`), which is most of the work.
        """
        return self._mail.commit_pull(inbox, mailbox, new, cursor, gone=gone, flags=flags, forget_uids=forget_uids, outgoing=outgoing)

    def complete(self, inbox: InboxKey, mail: NewMail) -> bool:
        """Store the whole of a message of which only a part is here; no cursor moves. False: there was none to complete."""
        return self._mail.complete(inbox, mail)

    def places(self, inbox: InboxKey, message_id: MessageId, content_sha256: str = "") -> tuple[Place, ...]:
        """Where this message lies at the server; none when nobody knows it, or it was moved or deleted there."""
        return self._mail.places(inbox, message_id, content_sha256)

    def also_in(self, conversation_ids: Sequence[ConversationId]) -> dict[ConversationId, tuple[InboxKey, ...]]:
        """Of these conversations those whose mail came to other inboxes of ours too, and to which; each inbox answers for itself."""
        return self._mail.also_in(conversation_ids)

    def uids(self, inbox: InboxKey, mailbox: str) -> set[int]:
        """Every uid stored of this mailbox."""
        return self._mail.uids(inbox, mailbox)

    def messages_also_in(self, conversation_id: ConversationId) -> dict[MessageId, tuple[InboxKey, ...]]:
        """The same message by message: of this conversation those that came to other inboxes of ours too."""
        return self._mail.messages_also_in(conversation_id)

    def record_pulled(self, inbox: InboxKey, at: datetime) -> None:
        """Say that every mailbox of this inbox was looked at, to the end."""
        self._mail.record_pulled(inbox, at)

    def pulled_at(self, inbox: InboxKey) -> datetime | None:
        """When that was last."""
        return self._mail.pulled_at(inbox)

    # The mirror: called by the link.

    def mirror_seq(self) -> Seq:
        """Up to where the journal is here; 0: nothing."""
        return self._mirror.seq()

    def mirror_epoch(self) -> int | None:
        """The epoch of what is here; None: load a snapshot."""
        return self._mirror.epoch()

    def apply_events(self, recorded: Sequence[Recorded], *, epoch: int) -> frozenset[ConversationId]:
        """Fold events in, in one transaction, skipping those that are here; takes the commands they answer off the queue.

        Raises:
            OtherEpoch: The mirror is of another epoch, or half loaded: load a snapshot.
        """
        return self._mirror.apply_events(recorded, epoch)

    def keep_only(self, inboxes: Collection[InboxKey]) -> bool:
        """The member sees these inboxes now (none: every one): the rest is out of sight, and `let_go` takes it out.

        Returns whether something is not held yet: load a snapshot. What went, and where one's own words are, `shrinking.take_lost` tells.
        """
        return self._mirror.keep_only(inboxes)

    def let_go(self, above: int) -> int | None:
        """Take out the next piece of what `keep_only` took out of sight, beginning `above` a row, at first 0. Returns where to go on; None: done."""
        return self._mirror.let_go(above)

    def holds(self, inbox: InboxKey) -> bool:
        """Whether mail of this inbox may be here; it is not to be pulled otherwise."""
        return self.shrinking.holdings.has(inbox)

    def begin_snapshot(self, epoch: int) -> None:
        """Start to load everything anew; what is here stays readable."""
        self._mirror.begin_snapshot(epoch)

    def add_snapshot(self, conversations: Sequence[Conversation]) -> None:
        """One page of it; its lines change at once."""
        self._mirror.add_snapshot(conversations)

    def end_snapshot(self, seq: Seq, members: Sequence[Member], templates: Sequence[Template], team: Sequence[TeamEvent] = ()) -> None:
        """All pages are in. `seq` is the first page's: apply the events after it next."""
        self._mirror.end_snapshot(seq, members, templates, team)

    def set_presence(self, of: Sequence[ConversationId], present: Sequence[PresentRow]) -> None:
        """Who is in the conversations named in `of` now; empty `of` with no rows clears everything, as when the line is cut."""
        whole = of or self._files.presences.everywhere()
        self._files.presences.replace(whole, present)
        touched = frozenset((*whole, *(row.conversation_id for row in present)))
        if touched:
            self.changes.publish(touched)

    def members(self) -> tuple[Member, ...]:
        """Everybody the server has told of, those who left included."""
        return self._mirror.members()

    def team(self) -> TeamFacts:
        """The team's own statuses, its groups, and who is away."""
        return self._mirror.team()

    def status_names(self) -> Mapping[str, str]:
        """The team's own statuses by everything they are called, for the query language."""
        return names_of_statuses(self.team())

    def templates(self) -> tuple[Template, ...]:
        """The newest version of each template, withdrawn ones included."""
        return self._mirror.templates()

    def template_uses(self) -> tuple[TemplateUses, ...]:
        """How often each template was used, month by month, as far as the journal is here."""
        return self._mirror.template_uses()

    def me(self) -> MemberKey | None:
        """Whose home this is."""
        return self._files.me

    def set_me(self, key: MemberKey) -> None:
        """Say whose home this is; views and predictions depend on it."""
        if key != self._files.me:
            self._drafts.set_me(key)
            self.changes.publish(EVERYTHING)

    # Waiting commands.

    def add_pending(self, key: CommandKey, command: AgentCommand, at: datetime) -> None:
        """Queue a command and show its predicted effect at once. The same key again changes nothing."""
        self._overlay.add(key, command, at)

    def pending(self) -> tuple[Pending, ...]:
        """What waits for the server, in the order in which it was given."""
        return self._overlay.pending()

    def next_pending(self, most: int) -> tuple[Pending, ...]:
        """The first of what waits, so many at most."""
        return self._overlay.next_pending(most)

    def pending_before(self, key: CommandKey, among: Collection[ConversationId]) -> tuple[Pending, ...]:
        """One command with what was given earlier for these conversations, in order; nothing once it waits no more."""
        return self._overlay.pending_before(key, among)

    def count_pending(self) -> int:
        """How many commands wait."""
        return self._overlay.count()

    def drop_pending(self, key: CommandKey, refusal: Refusal | None = None) -> None:
        """The command was answered, or refused: its predicted effect goes. Telling why is the caller's part."""
        del refusal
        self._overlay.drop([key])

    def add_all_pending(self, given: Sequence[tuple[CommandKey, AgentCommand]], at: datetime, foretold: int | None = None) -> None:
        """Queue many, in this order and all or none; the effect of the first `foretold` of them shows at once. None: of all."""
        self._overlay.add_all(given, at, foretold)

    def drop_all_pending(self, keys: Sequence[CommandKey]) -> None:
        """These were answered, or refused."""
        self._overlay.drop(keys)

    # Drafts.

    def save_draft(self, draft: Draft) -> None:
        """Keep the draft of a conversation; returning means that it survives a power cut."""
        self._drafts.save(draft)

    def draft(self, conversation_id: ConversationId) -> Draft | None:
        """The draft of a conversation."""
        return self._drafts.of(conversation_id)

    def drafts(self) -> tuple[Draft, ...]:
        """Every draft."""
        return self._drafts.all()

    def drop_draft(self, conversation_id: ConversationId) -> None:
        """The mail is accepted, or its author threw it away."""
        self._drafts.drop(conversation_id)
