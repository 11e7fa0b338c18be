"""What a comparison with the mail server came to, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from store.domain.ids import InboxKey
from store.errors import MadoError
from store.local.flaws import Flaw, FlawKind
from store.local.rows import Compared
from tui.view.ages import day_and_time
from tui.view.gate import clean
from tui.words import _, ngettext


class Counts(Protocol):
    """One comparison; `mailsync.engine.reconcile`'s Verified is one."""

    @property
    def checked(self) -> int: ...
    @property
    def missing(self) -> int: ...
    @property
    def extra(self) -> int: ...
    @property
    def different(self) -> int: ...
    @property
    def flags(self) -> int: ...
    @property
    def mended(self) -> int: ...


class Report(Protocol):
    """One pull of one mailbox; `mailsync.engine.reports`' PullReport is one."""

    @property
    def inbox(self) -> InboxKey: ...
    @property
    def mailbox(self) -> str: ...
    @property
    def error(self) -> MadoError | None: ...
    @property
    def verified(self) -> Counts | None: ...
    @property
    def flaws(self) -> tuple[Flaw, ...]: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and its tone."""

    words: str
    tone: str


def verified_words(*, checked: int, missing: int, extra: int, different: int, flags: int, mended: int) -> str:
    """How many messages were compared, what differed, and whether it was mended."""
    words = ngettext("{n:,} message compared", "{n:,} messages compared", checked).format(n=checked)
    told = {
        _("missing here: {n}"): missing,
        _("gone at the server: {n}"): extra,
        _("different: {n}"): different,
        _("other flags: {n}"): flags,
    }
    differences = sum(told.values())
    if not differences:
        return _("{compared}, no difference").format(compared=words)
    words = ", ".join((words, *(each.format(n=n) for each, n in told.items() if n)))
    if mended == differences:
        return _("{differences}; all mended").format(differences=words)
    return _("{differences}; mended: {n}").format(differences=words, n=mended)


def flaw_words(flaw: Flaw) -> str:
    """What was wrong inside the store, how often."""
    return {
        FlawKind.FILE: _("the mail cache is damaged; it is made anew at the next start"),
        FlawKind.PLACES_WITHOUT_MESSAGE: _("places in a mailbox without their message: {n}"),
        FlawKind.TEXTS_WITHOUT_MESSAGE: _("texts without their message: {n}"),
        FlawKind.MESSAGES_WITHOUT_TEXT: _("messages whose text was lost here: {n}"),
        FlawKind.MESSAGES_NOT_INDEXED: _("messages that no search found: {n}"),
        FlawKind.INDEX_WITHOUT_MESSAGE: _("search entries without their message: {n}"),
        FlawKind.COMMENTS_NOT_INDEXED: _("comments that no search found: {n}"),
        FlawKind.INDEX_WITHOUT_COMMENT: _("search entries without their comment: {n}"),
        FlawKind.PLACES_OUTSIDE_CURSOR: _("messages beyond what was fetched of their mailbox: {n}"),
        FlawKind.MESSAGES_WITHOUT_LINE: _("messages that stood in no list: {n}"),
        FlawKind.LINES_WITHOUT_MAIL: _("lines of lists without a message: {n}"),
        FlawKind.WRONG_COUNTS: _("wrong counts of lists: {n}"),
    }[flaw.kind].format(n=flaw.count)


def pass_words(reports: Sequence[Report]) -> Said:
    """What a comparison of everything came to, over all mailboxes in one sentence; why one could not be reached, the banner says."""
    missed = [f"{report.inbox} {clean(report.mailbox)}" for report in reports if report.error is not None]
    compared = [report.verified for report in reports if report.verified is not None]
    names = ("checked", "missing", "extra", "different", "flags", "mended")
    sums = {name: sum(getattr(each, name) for each in compared) for name in names}
    words = [verified_words(**sums), *(flaw_words(flaw) for report in reports for flaw in report.flaws)]
    if missed:
        words.append(_("not compared: {where}").format(where=", ".join(missed)))
    level = sums["mended"] == sums["missing"] + sums["extra"] + sums["different"] + sums["flags"]
    return Said("; ".join(words), "notice" if level and not missed else "alarm")


def found_words(report: Report) -> Said:
    """What a comparison that nobody asked for found in a mailbox."""
    said = pass_words((report,))
    where = f"{report.inbox} {clean(report.mailbox)}"
    return Said(_("The hourly check, {where}: {words}").format(where=where, words=said.words), said.tone)


def compared_words(compared: Compared, now: datetime) -> str:
    """The last comparison of a mailbox, and what the last one that mended anything did."""
    where = f"{compared.inbox} {clean(compared.mailbox)}"
    n = ngettext("{n:,} message compared", "{n:,} messages compared", compared.checked).format(n=compared.checked)
    words = _("{where}: {compared} at {at}").format(where=where, compared=n, at=day_and_time(compared.at, now))
    left = compared.differences - compared.mended
    if left > 0:
        words += ", " + _("not mended: {n}").format(n=left)
    if compared.last_mended_at is not None:
        words += ", " + _("mended at {at}: {n}").format(at=day_and_time(compared.last_mended_at, now), n=compared.last_mended)
    return words
