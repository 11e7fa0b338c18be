"""Why a conversation is where it is, looks as it does, and is whose it is: every answer with the event, the rule or the sum behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from store.domain.events import LeaseTaken, OwnerChanged, Recorded, StatusChanged, UrgencyChanged
from store.domain.status import IN_WORK_TRAY, Category
from tui.view.ages import age_words
from tui.view.banner import conversation_words, flag_with_reason, held_words, open_submission
from tui.view.gate import clean
from tui.view.known import Known, Part
from tui.view.refusals import outbox_words
from tui.view.rows import row_mark
from tui.view.statuses import status_letter, status_name, urgency_word
from tui.view.steps import Step, due_step, step_sign, step_words, waiting_step
from tui.view.threading_words import evidence_words
from tui.view.timeline import reason_words
from tui.words import _, ngettext


@dataclass(frozen=True, slots=True)
class Answer:
    """A question about it, and the answer in sentences. `topic` is a key for programs."""

    topic: str
    question: str
    sentences: tuple[str, ...]


def explained(known: Known) -> tuple[Answer, ...]:
    """Every question that there is something to say about."""
    asked: tuple[tuple[str, str, Callable[[Known], Iterator[str]]], ...] = (
        ("here", _("Why is it here?"), _here),
        ("looks", _("Why does it look so?"), _looks),
        ("owner", _("Whose is it?"), _whose),
        ("writing", _("Who is writing?"), _writing),
        ("waits", _("What does it wait for?"), _waits_for),
        ("mail", _("Why is this mail in it?"), _mail),
    )
    answers = (Answer(topic, question, tuple(say(known))) for topic, question, say in asked)
    return tuple(answer for answer in answers if answer.sentences)


# Why is it here?


def _here(known: Known) -> Iterator[str]:
    place = known.place
    if place is None:
        return
    missing = [part for part in place.parts if not part.holds]
    view = clean(place.view)
    if missing:
        yield _("It is not in “{view}” (any more); where it still stands there, it goes when the cursor leaves it.").format(view=view)
    else:
        yield _("It is in “{view}”, because all of this is true of it:").format(view=view)
    for part in place.parts:
        sign = "+" if part.holds else "-"
        why = _part_words(part, known)
        yield f"  {sign} {clean(part.text)}" + (f"  ({why})" if why else "")
    if place.best:
        yield _("What answers the search best stands at the top.")
    if place.best or place.above is None:
        return
    newest = known.at(known.row.last_at) if known.row.last_at else "-"
    yield (
        _("It is at the top: the newest mail comes first, and its last one is of {at}.").format(at=newest)
        if not place.above
        else ngettext(
            "{n} stands above it: the newest mail comes first, and its last one is of {at}.",
            "{n} stand above it: the newest mail comes first, and its last one is of {at}.",
            place.above,
        ).format(n=f"{place.above:,}", at=newest)
    )


def _part_words(part: Part, known: Known) -> str:
    """Behind a part of the query, the fact that it asks about."""
    row = known.row
    facts = {
        "tray": _("its status is {status}").format(status=_status(known)),
        "mine": _("its owner is {who}, and its status is {status}").format(who=known.name(row.owner), status=_status(known)),
        "unowned": _("its owner is {who}").format(who=known.name(row.owner)),
        "owner": _("its owner is {who}").format(who=known.name(row.owner)),
        "status": _("its status is {status}").format(status=_status(known)),
        "category": _("its status is {status}").format(status=_status(known)),
        "called": _("a comment names you, and you have not looked since") if row.mentions_me else "",
        "unread": _("somebody said something that you have not looked at") if row.unread else "",
        "snoozed": _("back {at}").format(at=known.at(row.wake_at)) if row.wake_at else "",
        "urgency": urgency_word(row.urgency) or _("normal"),
        "inbox": clean(row.inbox),
        "folder": clean(row.folder),
        "tag": clean(" ".join(row.tags)),
    }
    name, _colon, value = part.text.removeprefix("-").partition(":")
    return facts.get(value if name == "is" else name, "")


def _status(known: Known) -> str:
    return status_name(known.row.status, known.statuses)


# Why does it look so?


def _looks(known: Known) -> Iterator[str]:
    yield from _status_words(known)
    if known.row.urgency:
        changed = known.last(lambda event: isinstance(event, UrgencyChanged))
        yield _sentence(_("It is marked `{urgency}`").format(urgency=urgency_word(known.row.urgency)), changed, known)
    for flag in known.row.flags:
        yield _("In the first column `{mark}`: {why}.").format(mark=row_mark(known.row)[0], why=flag_with_reason(known.state, flag))
    if not known.row.flags and (words := _mark_words(known)):
        yield words
    yield from _age_words(known)
    yield from _due_words(known)


def _status_words(known: Known) -> Iterator[str]:
    row = known.row
    changed = known.last(lambda event: isinstance(event, StatusChanged) and event.after == row.status)
    letter = status_letter(row.status, known.statuses)
    yield _sentence(_("Its status is {status} (`{letter}`)").format(status=_status(known), letter=letter), changed, known)
    if row.category is Category.OPEN and row.owner is None and row.status == "new":
        yield _("New and nobody's: that is the loudest colour.")


def _sentence(fact: str, changed: Recorded | None, known: Known) -> str:
    """The fact, and since when and by whose hand it is so: `…, since 14:03, by Tanaka (reason).`"""
    if changed is None:
        return _("{fact}.").format(fact=fact)
    reason = getattr(changed.event, "reason", "")
    why = f" ({reason_words(reason)})" if reason else ""
    return _("{fact}, since {at}, by {who}{why}.").format(fact=fact, at=known.at(changed.at), who=known.name(changed.by), why=why)


def _mark_words(known: Known) -> str:
    mark, _tone = row_mark(known.row, known.me)
    words = {
        "@": _("a comment names you, and you have not looked since"),
        "↻": _("it is back from hold, and you have not looked since"),
        "+": _("a draft of yours waits"),
        "~": _("a command of yours is not answered by the server yet"),
        "o": _("somebody said something that you have not looked at"),
        "f": _("you follow it"),
    }
    return _("In the first column `{mark}`: {why}.").format(mark=mark, why=words[mark]) if mark in words else ""


def _age_words(known: Known) -> Iterator[str]:
    wait = known.wait
    if wait is None or known.row.waiting_since is None:
        if known.row.category in IN_WORK_TRAY:
            yield _("Nobody waits for an answer: the last word is ours, or came from a machine.")
        return
    step = waiting_step(wait, known.waits)
    since, age = known.at(known.row.waiting_since), age_words(wait)
    yield _("Its customer waits since {at} ({age}), for the first mail that nobody has answered: step {n} of 5, {word} (`{sign}`).").format(
        at=since, age=age, n=step + 1, word=step_words(step), sign=step_sign(step) or _("no sign")
    )
    if step is not Step.LATE:
        yield _("The next step begins {at}.").format(at=known.at(known.row.waiting_since + known.waits[step]))


def _due_words(known: Known) -> Iterator[str]:
    due_at: datetime | None = known.row.due_at
    if due_at is None or known.row.category in (Category.DONE, Category.JUNK):
        return
    step = due_step(due_at, known.now, known.zone)
    late = known.now >= due_at
    words = (
        _("It was due {at}, {age} ago: step {n} of 5, {word} (`{sign}`).")
        if late
        else _("It is due {at}, in {age}: step {n} of 5, {word} (`{sign}`).")
    )
    age, sign = age_words(abs(due_at - known.now)), step_sign(step) or _("no sign")
    yield words.format(at=known.at(due_at), age=age, n=step + 1, word=step_words(step), sign=sign)


# Whose is it?


def _whose(known: Known) -> Iterator[str]:
    row = known.row
    changed = known.last(lambda event: isinstance(event, OwnerChanged) and event.after == row.owner)
    if row.owner is None and changed is None:
        yield _("It is nobody's, and was since it began.")
    else:
        yield _sentence(_("Its owner is {who}").format(who=known.name(row.owner)), changed, known)
    if changed is not None and isinstance(changed.event, OwnerChanged) and changed.event.instead_of is not None:
        yield _("It was meant for {who}, who is away.").format(who=known.name(changed.event.instead_of))
    if row.suggested_owner is not None:
        yield _("{who} is suggested, who had it before it was finished.").format(who=known.name(row.suggested_owner))
    for follower in known.state.followers:
        yield _("{who} follows it, by the word of {by}.").format(who=known.name(follower.member), by=known.name(follower.invited_by))


# Who is writing?


def _writing(known: Known) -> Iterator[str]:
    row, lease = known.row, known.state.lease
    if lease is not None:
        idle = _("; nothing was typed for ten minutes") if row.lease_idle else ""
        yield _("{who} has the right to reply since {at}{idle}.").format(who=known.name(lease.by), at=known.at(lease.since), idle=idle)
        taken = known.last(lambda event: isinstance(event, LeaseTaken))
        if taken is not None and isinstance(taken.event, LeaseTaken) and taken.event.broken_from is not None:
            yield _("It was taken over from {who}: {reason}").format(who=known.name(taken.event.broken_from), reason=clean(taken.event.reason))
    if known.state.asked_by is not None:
        yield _("{who} would like to write here.").format(who=known.name(known.state.asked_by))
    looking = [known.name(one) for one in row.present if lease is None or one != lease.by]
    if looking:
        yield _("Looking at it: {names}.").format(names=", ".join(looking))


# What does it wait for?


def _waits_for(known: Known) -> Iterator[str]:
    state, row = known.state, known.row
    submission = open_submission(state)
    if submission is not None:
        why = f" ({held_words(submission.why)})" if submission.why else ""
        yield _("The reply of {who} is {state}{why}; its time is {at}.").format(
            who=known.name(submission.by), state=outbox_words(submission.state), why=why, at=known.at(submission.send_at)
        )
    elif state.check is not None and state.check.waits:
        yield conversation_words(state, known.me, known.names, known.key)
    if row.wake_at is not None and row.category is Category.WAITING:
        told = state.wake_notify or row.owner or state.held_by
        yield _("It is on hold until {at}; {who} is told then.").format(at=known.at(row.wake_at), who=known.name(told))
    if row.pending:
        yield _("A command of yours waits for the server; what is shown is what it will probably do.")
    if state.merges_waiting:
        yield _("Another conversation belongs to it, and joins it once nobody writes.")


# Why is this mail in it?


def _mail(known: Known) -> Iterator[str]:
    for n, stored in enumerate(known.messages, 1):
        sender = next(iter(stored.message.from_), None)
        who = clean(sender.name or sender.address) if sender is not None else "-"
        yield _("{n}. {at}, from {who}: {why}").format(n=n, at=known.at(stored.internaldate), who=who, why=evidence_words(stored.evidence))
