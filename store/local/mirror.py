"""The team's side of the store: the same fold over the same events as at the server, the journal's tail, members and templates."""

from collections.abc import Collection, Sequence

from store.domain.conversation import Conversation
from store.domain.events import MemberChanged, Recorded, TeamEvent
from store.domain.ids import ConversationId, InboxKey, MemberKey, Seq
from store.domain.people import Member
from store.domain.team_facts import TeamFacts
from store.domain.template import Template, TemplateUses
from store.local.changes import EVERYTHING
from store.local.conversations import HIDDEN, OF_ANOTHER_EPOCH, ids_of, now_called, number_of, refresh, shown_state
from store.local.drafts import follow, forget_texts
from store.local.files import Files
from store.local.folding import Folding, drop_unnamed, write_snapshot_page
from store.local.letting_go import hide_led_away
from store.local.mailing_news import MailingNews
from store.local.overlay import Overlay
from store.local.people import load_members, load_team, load_templates, load_uses, save_member, save_team_event, save_template
from store.local.rows import Mention
from store.local.shrinking import Shrinking
from store.local.states import unpack_event
from store.local.times import moment
from store.sqlite.connection import Connection, Row
from store.sqlite.errors import OtherEpoch
from store.sqlite.sweeping import sweep

_REMEMBER = "INSERT OR REPLACE INTO fact VALUES (?, ?)"


def fact(connection: Connection, key: str) -> int | None:
    """A number the mirror remembers: `seq`, `epoch`, `loading`."""
    value: int | None = connection.value("SELECT value FROM fact WHERE key = ?", (key,))
    return value


class Mirror:
    """What the server said, and what follows from it."""

    def __init__(self, files: Files, overlay: Overlay) -> None:
        self._files = files
        self._overlay = overlay
        self.shrinking = Shrinking(files, overlay)
        self.to_sweep = False
        """Something was erased, and may still stand in the files (`sweep`)."""
        self.mailing_news = MailingNews()
        self._told = 0
        """Up to where this process's subscribers were told of the journal."""

    def seq(self) -> Seq:
        """Up to where the journal is here; 0: nothing."""
        return Seq(self._files.read(lambda connection: fact(connection, "seq")) or 0)

    def epoch(self) -> int | None:
        """The epoch of what is here; None: nothing is."""
        return self._files.read(lambda connection: fact(connection, "epoch"))

    def apply_events(self, recorded: Sequence[Recorded], epoch: int) -> frozenset[ConversationId]:
        """Fold events in; see `LocalStore.apply_events`."""
        # First off the queue: the server has these, so nothing is lost if this process dies before it has their events.
        answered = {one.command_key for one in recorded if one.command_key is not None}
        freed = self._overlay.forget(answered) if answered else []
        held = self.shrinking.holdings.read()

        def work(connection: Connection) -> tuple[Folding, frozenset[ConversationId]]:
            known_epoch = fact(connection, "epoch")
            half_loaded = known_epoch is None and fact(connection, "next_epoch") is not None
            if known_epoch not in {None, epoch} or half_loaded:
                raise OtherEpoch(self._files.cache_path, f"{known_epoch}, not {epoch}")
            folding = Folding(connection, fact(connection, "seq") or 0, fact(connection, "loading") or 0, held)
            for one in recorded:
                folding.take_in(one)
            folding.save()
            connection.execute(_REMEMBER, ("seq", folding.seq))
            connection.execute(_REMEMBER, ("epoch", epoch))
            folding.touched |= {n for one in freed if (n := number_of(connection, one)) is not None}
            touched = ids_of(connection, folding.touched)
            predict = self._overlay.predictor(connection)
            for n in folding.touched:
                refresh(connection, n, predict)
            return folding, touched

        folding, touched = self._files.write(work)
        if folding.erased:
            forget_texts(self._files, folding.erased)
        if folding.left:
            follow(self._files, folding.left)
        self.shrinking.went_away(folding.lost)
        self.to_sweep = self.to_sweep or bool(folding.erased or folding.lost)
        # Another terminal, or a verb, of the same home may have folded them in before: its subscribers know, ours do not.
        news = [one for one in recorded if one.seq > self._told]
        self._told = max([self._told, *(one.seq for one in news)])
        self.mailing_news.hear(news)
        changed = touched | {one.conversation_id for one in news if one.conversation_id is not None}
        if changed:
            self._files.changes.publish(changed)
        if folding.about_the_team or any(one.conversation_id is None for one in news):
            self._files.changes.publish(EVERYTHING)
        mine = [one.event.member for one in news if isinstance(one.event, MemberChanged) and one.event.member.key == self._files.me]
        if mine and mine[-1].active:
            self.keep_only(mine[-1].inboxes)
        return touched

    def keep_only(self, inboxes: Collection[InboxKey]) -> bool:
        """See `store.local.shrinking`."""
        return self.shrinking.keep_only(inboxes)

    def let_go(self, above: int) -> int | None:
        """See `store.local.shrinking`."""
        following = self.shrinking.let_go(above)
        self.to_sweep = self.to_sweep or following is None
        return following

    def sweep(self) -> None:
        """After erasures: what was deleted leaves the files. Best done when the mirror is level, it may take seconds."""
        if self.to_sweep:
            swept = [sweep(self._files.cache_path, ("words", "comment_words")), sweep(self._files.kept_path)]
            self.to_sweep = not all(swept)

    def begin_snapshot(self, epoch: int) -> None:
        """Start to load everything anew; what is here stays readable until `end_snapshot`."""

        def work(connection: Connection) -> None:
            if fact(connection, "epoch") != epoch:
                # Another epoch counts its journal anew: nothing of the old one can be compared with it. Until the end the mirror
                # is of no epoch at all, so that a death in the middle leads to another snapshot.
                connection.execute("DELETE FROM event")
                connection.execute("UPDATE state SET loading = ? WHERE loading <> ?", (OF_ANOTHER_EPOCH, HIDDEN))
                connection.execute("DELETE FROM fact WHERE key IN ('seq', 'epoch')")
            connection.execute(_REMEMBER, ("loading", (fact(connection, "loading") or 0) + 1))
            connection.execute(_REMEMBER, ("next_epoch", epoch))
            connection.execute("DELETE FROM fact WHERE key IN ('rest_closed', 'rest_below')")

        self._files.write(work)

    def add_snapshot(self, conversations: Sequence[Conversation]) -> None:
        """One page; the lines change at once."""

        def work(connection: Connection) -> frozenset[ConversationId]:
            touched = write_snapshot_page(connection, conversations, fact(connection, "loading") or 0)
            ids = ids_of(connection, touched)
            predict = self._overlay.predictor(connection)
            for n in touched:
                refresh(connection, n, predict)
            return ids

        if touched := self._files.write(work):
            self._files.changes.publish(touched)

    def end_snapshot(self, seq: Seq, members: Sequence[Member], templates: Sequence[Template], team: Sequence[TeamEvent] = ()) -> None:
        """All pages are in: what none of them named is no conversation of the team's (any more). `seq` is the first page's."""

        def work(connection: Connection) -> None:
            touched = drop_unnamed(connection, fact(connection, "loading") or 0) | hide_led_away(connection)
            connection.execute("DELETE FROM member; DELETE FROM template; DELETE FROM team_fact")
            for member in members:
                save_member(connection, member)
            for template in templates:
                save_template(connection, template)
            for event in team:
                save_team_event(connection, event)
            connection.execute(_REMEMBER, ("seq", seq))
            connection.execute(_REMEMBER, ("epoch", fact(connection, "next_epoch")))
            connection.execute("DELETE FROM fact WHERE key = 'next_epoch'")
            predict = self._overlay.predictor(connection)
            for n in touched:
                refresh(connection, n, predict)

        self._files.write(work)
        self._told = seq
        follow(self._files)
        self._files.changes.publish(EVERYTHING)

    def members(self) -> tuple[Member, ...]:
        """Everybody the server has told of."""
        return self._files.read(load_members)

    def templates(self) -> tuple[Template, ...]:
        """The newest version of each template."""
        return self._files.read(load_templates)

    def template_uses(self) -> tuple[TemplateUses, ...]:
        """How often each template was used, month by month."""
        return self._files.read(load_uses)

    def team(self) -> TeamFacts:
        """The team's own statuses, its groups, and who is away."""
        return self._files.read(load_team)

    def conversation(self, conversation_id: ConversationId) -> Conversation | None:
        """A conversation with the waiting commands' effect; one that only the mailbox knows stands at revision 0."""

        def work(connection: Connection) -> Conversation | None:
            state = shown_state(connection, now_called(connection, conversation_id))
            return None if state is None else self._overlay.predictor(connection)(state).state

        return self._files.read(work)

    def timeline(self, conversation_id: ConversationId) -> tuple[Recorded, ...]:
        """The events of a conversation, and of those that are part of it by now; those before a snapshot are not here."""
        sql = (
            "SELECT packed FROM event WHERE conversation_id = ? OR conversation_id IN (SELECT key FROM thread WHERE conversation_id = ?) ORDER BY seq"
        )

        def work(connection: Connection) -> list[Row]:
            now = now_called(connection, conversation_id)
            return connection.execute(sql, (now, now))

        rows = self._files.read(work)
        return tuple(unpack_event(row[0]) for row in rows)

    def happened_after(self, seq: Seq, most: int) -> tuple[Recorded, ...]:
        """Events of the whole team that were told one by one after this place in the journal, oldest first."""
        sql = "SELECT packed FROM event WHERE seq > ? ORDER BY seq LIMIT ?"
        rows = self._files.read(lambda connection: connection.execute(sql, (seq, most)))
        return tuple(unpack_event(row[0]) for row in rows)

    def mentions(self, me: MemberKey, at_most: int) -> tuple[Mention, ...]:
        """Comments that name this member or all, not their own, newest first."""
        sql = (
            "SELECT DISTINCT c.id, k.id, k.by, k.at, k.text FROM mention x JOIN comment k ON k.n = x.comment "
            "JOIN conversation c ON c.n = k.conversation AND c.shown >= 0 "
            "WHERE x.member IN (?, 'all') AND k.by <> ? ORDER BY k.at DESC, k.n DESC LIMIT ?"
        )
        rows = self._files.read(lambda connection: connection.execute(sql, (me, me, at_most)))
        return tuple(Mention(row[0], row[1], row[2], at, row[4]) for row in rows if (at := moment(row[3])) is not None)
