"""Bugs of the sort somebody could really make, and where: each is planted by a switch, and the simulation must catch it."""

import itertools
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from store.domain import (
    decide,
    decide_check,
    decide_lease,
    decide_mail,
    decide_mailing,
    decide_outbox,
    decide_parting,
    decide_reply,
    erasure,
    evolve,
    evolve_reply,
    evolve_work,
    hearing,
)
from store.domain.check_policy import Asked
from store.domain.commands import LapseLease, RecordMessage
from store.domain.events import (
    ConversationAbsorbed,
    ConversationMovedIn,
    ConversationRestored,
    LeaseReleased,
    LeaseTaken,
    MessagesJoined,
    ReplyCancelled,
    ReplyOutcome,
)
from store.domain.ids import SubmissionId
from store.domain.lease import Token
from store.domain.outbox import STILL_HERE_STATES, TERMINAL_STATES, OutboxState
from store.postgres import writer
from store.sqlite.errors import StoreError
from store.team import audit, execution, frozen_checks, journal, known, mailing_moves, mailing_turns, mailings, projection, reading, unseen_owners
from store.team import mailing_statements as m
from store.team import statements as s
from store.team.rows import run
from tests.simulation import machine, posting, sending, terminal

Plant = Callable[[Any], None]
"""Given pytest's `monkeypatch`."""


def _set(module: Any, name: str, bug: Any) -> Plant:
    return lambda patch: patch.setattr(module, name, bug)


def _step(kind: type, spoil: Callable[[Any, Any, Any], Any]) -> Plant:
    """A step of the fold after which something is spoilt: `spoil(after, before, event)`."""
    good = evolve.STEPS[kind]

    def bad(state: Any, event: Any, recorded: Any) -> Any:
        return spoil(good(state, event, recorded), state, event)

    return lambda patch: patch.setitem(evolve.STEPS, kind, bad)


def _decider(kind: type, bug: Any) -> Plant:
    return lambda patch: patch.setitem(decide.DECIDERS, kind, bug)


def _statements(module: Any, spoil: Callable[[Any, Any, dict[str, Any]], Any]) -> Plant:
    """A module's `run` and `value` that treat some statement wrongly; `spoil` returns what comes out, or `GOOD`."""

    def plant(patch: Any) -> None:
        for name in ("run", "value"):
            good = getattr(module, name, None)
            if good is not None:

                def bad(connection: Any, statement: Any, good: Any = good, **given: Any) -> Any:
                    spoilt = spoil(connection, statement, given)
                    return good(connection, statement, **given) if spoilt is GOOD else spoilt

                patch.setattr(module, name, bad)

    return plant


GOOD = object()


def _keys_forgotten(patch: Any) -> None:
    good = execution._known
    patch.setattr(execution, "_known", lambda connection, order: (None, good(connection, order)[1]))
    patch.setattr(execution, "run", lambda connection, statement, **given: [] if statement is s.PUT_RESULT else run(connection, statement, **given))


def _seq_skips(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    if statement is s.MOVE_COUNTER and given["which"] == "seq" and given["by"] == 3:
        given["by"] = 4
    return GOOD


def _seq_repeats(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    if statement is s.APPEND and given["seq"] % 50 == 0:
        return []
    return GOOD


def _state_not_kept(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    return [] if statement is s.PUT_STATE and given["leased"] else GOOD


def _outbox_row_stays(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    return [] if statement is s.MOVE_SUBMISSION and given["state"] == OutboxState.DEFERRED else GOOD


def _message_not_registered(_connection: Any, statement: Any, _given: dict[str, Any]) -> Any:
    return [] if statement is s.PUT_MESSAGE else GOOD


def _cursor_runs_ahead(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    if statement is s.PUT_CURSOR and given["highest_uid"] % 7 == 0:
        given["highest_uid"] += 1
    return GOOD


def _entry_not_written(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    return [] if statement is s.ADD_ENTRY and given["n"] % 40 == 0 else GOOD


def _blind_retry(state: Any, reply: Any, why: str, results: Any = ()) -> Any:
    return (ReplyOutcome(reply.id, OutboxState.DEFERRED, reply.results, why, retry_at=reply.send_at),)


def _not_a_ticket(state: Any, reply: Any) -> Any:
    return None


TAKEN_BACK = evolve_work.taken_back


def _undo_forgets(state: Any, seq: Any) -> Any:
    return TAKEN_BACK(state, seq)[0], None


def _deaf_mirror(state: Any, recorded: Any) -> Any:
    return state if isinstance(recorded.event, LeaseReleased) else evolve.evolve(state, recorded)


def _tags_erased_in_events_only(patch: Any) -> None:
    patch.setattr(erasure, "NO_TEXT", erasure.NO_TEXT - {"added", "removed"})
    patch.setattr(erasure, "_text_fields", erasure._text_fields.__wrapped__)


def _everybody_hears_everything(published: Any, _member: Any, who: Any) -> Any:
    return HEARD(published, None, who)


HEARD = terminal._events


def _everything_is_read(connection: Any, since: Any, limit: Any, inboxes: Any) -> Any:
    return EVENTS_SINCE(connection, since, limit, ())


EVENTS_SINCE = reading.events_since


def _moves_unheard(after: Any, before: Any, event: Any) -> Any:
    return before if before.number and before.inbox != after.inbox else after


def _a_message_less(after: Any, before: Any, event: Any) -> Any:
    return replace(after, messages=after.messages[:-1]) if len(after.messages) > 1 else after


def _row_has_two_turns(patch: Any) -> None:
    """All that keeps a row from leaving twice is gone: that its turn is noted, the id it has for ever, and two looks for its Message-ID."""
    turns = itertools.count()
    patch.setattr(mailing_turns, "submission_id", lambda mailing, n: SubmissionId(f"{mailing}{n:08x}-{next(turns)}"))
    _statements(mailing_turns, _turn_is_not_noted)(patch)
    _statements(known, lambda _connection, statement, _given: None if statement is s.ID_OF_MESSAGE else GOOD)(patch)


def _turn_is_not_noted(_connection: Any, statement: Any, given: dict[str, Any]) -> Any:
    return [] if statement is s.ID_OF_MESSAGE or (statement is m.END_ROW and given["becomes"] == mailings.HANDED_OVER) else GOOD


def _asks_nobody(mailing: Any, command: Any, context: Any) -> Any:
    return decide_mailing.decide_mailing(mailing and replace(mailing, ask_approval=False), command, context)


def _stays_after_parting(patch: Any) -> None:
    good = evolve.STEPS[ConversationRestored]

    def bad(state: Any, event: Any, recorded: Any) -> Any:
        after = good(state, event, recorded)
        return replace(after, messages=after.messages[1:])

    patch.setitem(evolve.STEPS, ConversationRestored, bad)


def _where_it_lies(state: Any, events: Any) -> Any:
    return next((event.inbox for event in events if getattr(event, "inbox", "")), state.inbox)


def _commit_unheard(connection: Any, counted: Any) -> None:
    try:
        CLOSE(connection, counted)
    except StoreError:
        connection.counted = None


CLOSE = writer._close

PLANTED: dict[str, Plant] = {
    "a claim does not keep others from taking a lease": _set(decide_lease, "stopped_by_claim", lambda state: None),
    "a claim does not keep others from handing over": _set(decide_reply, "stopped_by_claim", lambda state: None),
    "a token is given twice": _set(decide_lease, "next_token", lambda state, context: Token(context.epoch, max(1, state.last_token_n))),
    "tokens are not compared": _set(decide_reply, "stopped_by_token", lambda state, token, context: None),
    "the fence is skipped when a reply is handed over": _set(decide_reply, "stopped_by_news", lambda state, seen, by: None),
    "the fence is skipped when a ticket is issued": _set(decide_outbox, "news_since", lambda state, seen, by, checkers=(): ()),
    "a ticket beside a ticket": _set(decide_outbox, "_no_ticket", _not_a_ticket),
    "whoever wrote it says yes to it": _set(decide_check, "may_still_approve", lambda drafter, given, checker: True),
    "a yes is of whatever lies there": lambda patch: (
        patch.setattr(frozen_checks, "reply_hash", lambda mail_from, rcpt_to, mime: ""),
        patch.setattr(decide_check, "reply_hash", lambda mail_from, rcpt_to, mime: ""),
    )[0],
    "no rule of the team's asks for a check": _set(decide_reply, "asked_of", lambda state, reply, context: Asked()),
    "a row of a mailing has two turns": _row_has_two_turns,
    "who is on the do-not-mail list is mailed all the same": _set(mailing_turns, "is_suppressed", lambda connection, address: False),
    "a mailing begins without the yes it waits for": _set(mailing_moves, "decide_mailing", _asks_nobody),
    "whoever loses an inbox keeps what was theirs there": _set(unseen_owners, "let_go", lambda state, owner: ()),
    "somebody's own template is told to all": _set(hearing, "_template_told", lambda template, inboxes, who: template),
    "what is being sent can be taken back": _set(decide_reply, "STILL_HERE_STATES", STILL_HERE_STATES | {OutboxState.SENDING}),
    "a refused reply keeps its claim": _set(evolve_reply, "TERMINAL_STATES", TERMINAL_STATES - {OutboxState.REFUSED}),
    "an unknown reply is sent again by itself": _set(decide_outbox, "_unknown", _blind_retry),
    "everybody is asked again after a deferral": _set(sending, "envelope_left", lambda submission: submission.envelope),
    "nobody who left is stopped": _set(decide, "not_here", lambda state, context: None),
    "idempotency keys are ignored": _keys_forgotten,
    "the journal skips a number": _statements(reading, _seq_skips),
    "an event is not written": _statements(journal, _seq_repeats),
    "a state is not kept while somebody writes": _statements(projection, _state_not_kept),
    "the outbox forgets a deferral": _statements(projection, _outbox_row_stays),
    "the registry forgets messages, and knows none again": lambda patch: (
        _statements(projection, _message_not_registered)(patch),
        patch.setattr(decide_mail, "is_known", lambda state, command: False),
        patch.setattr(decide_mail, "_is_copy_of_sent", lambda state, command: False),
    )[0],
    "mail is journaled in the inbox where it lies, wherever its conversation is": _set(execution, "_inbox_of", _where_it_lies),
    "the watcher's cursor runs ahead of the journal": _statements(execution, _cursor_runs_ahead),
    "an entry of the audit log is not written": _statements(audit, _entry_not_written),
    "the audit log starts anew with each event": _set(audit, "_hash_of", lambda connection, n: bytes(32)),
    "evolve forgets the highest token": _step(LeaseTaken, lambda after, before, _event: replace(after, last_token_n=before.last_token_n)),
    "evolve forgets to end a cancelled claim": _step(ReplyCancelled, lambda after, before, _event: replace(after, claim=before.claim)),
    "evolve forgets to end a released lease": _step(LeaseReleased, lambda after, before, _event: replace(after, lease=before.lease)),
    "leases never lapse": _decider(LapseLease, lambda state, command, context: ()),
    "an undo forgets what the status said": _set(evolve_work, "taken_back", _undo_forgets),
    "a mirror misses an event": _set(terminal, "evolve", _deaf_mirror),
    "mail of a finished conversation is dropped": _decider(
        RecordMessage,
        lambda state, command, context: () if state.category == "done" else decide_mail.record_message(state, command, context),
    ),
    "tags are erased in the events, and stay in the state": _tags_erased_in_events_only,
    "the stream tells everybody of every inbox": _set(terminal, "_events", _everybody_hears_everything),
    "whoever catches up reads of every inbox": _set(reading, "events_since", _everything_is_read),
    "who knew a conversation before does not hear what it is when it comes back": _step(ConversationMovedIn, _moves_unheard),
    "a message gets lost in a merge": _step(ConversationAbsorbed, _a_message_less),
    "a message gets lost in a split": _step(MessagesJoined, lambda after, before, _event: replace(after, messages=after.messages[:-1])),
    "a message gets lost when a merge is taken back": _stays_after_parting,
    "what came with a merge is no news": _step(
        ConversationAbsorbed,
        lambda after, before, _event: replace(
            after, messages=(*before.messages, *(replace(one, revision=0) for one in after.messages[len(before.messages) :]))
        ),
    ),
    "replies stay behind in a merge": _set(projection, "_rehouse", lambda connection, after, submissions: None),
    "taking a merge back forgets how it stood": _set(decide_parting, "_standing", lambda state, before, other: state.standing()),
    "a server's work is not fenced by its duty": _set(machine, "fenced", lambda work, duty: work),
    "a server that stood still sends without a look at its duty": _set(machine.Machine, "may_start", lambda self: True),
    "whoever takes work over does not doubt what was leaving": _set(posting, "doubt_what_was_leaving", lambda machine, inbox: None),
}
"""What is planted, and how."""

PLANTED_IN_POSTGRES: dict[str, Plant] = {
    "a commit that broke is taken for one that held": _set(writer, "_close", _commit_unheard),
}
"""Where several servers share a database that is elsewhere."""
