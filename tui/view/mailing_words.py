"""What is said of mailings: what is wrong with a table or a row, how one stands, and why the rules say no."""

from collections.abc import Iterable, Mapping

from store.domain.fence import NOT_APPROVED, SENDER_LEFT
from store.domain.ids import MemberKey
from store.domain.mailing import OVER, Fate, Mailing, MailingState
from store.domain.mailing_check import CHECKER_LEFT, MailingCheck
from store.domain.mailing_commands import ApprovalMissing, MailingChanged, MailingRefusal, MailingStands, OwnMailing
from store.domain.mailing_report import Found
from store.domain.mailing_sheet import SheetUnreadable
from store.domain.merge_fields import one_line
from store.domain.refusals import Malformed, NotAllowed, NotOwnCheck, ReasonRequired
from store.domain.send_check import SENTENCES
from tui.view.gate import clean
from tui.view.progress import left_words
from tui.words import _

BAR_CELLS = 20
NOTHING_ASKED = MailingCheck()
APPROVAL_PAUSES = frozenset({CHECKER_LEFT, NOT_APPROVED})


def sheet_words(error: SheetUnreadable) -> str:
    """Why a table cannot be read, with the place."""
    words = {
        "too_large": _("the file is larger than {fact} MB"),
        "empty": _("the file is empty"),
        "no_text": _("this is no text; save it as CSV in UTF-8"),
        "encoding": _("the letters are neither UTF-8 nor Shift_JIS; save it as CSV in UTF-8"),
        "other_encoding": _("the letters are not {fact} as the file says; save it as CSV in UTF-8"),
        "open_quote": _("a quotation mark is opened and never closed"),
        "stray_quote": _("letters follow a closing quotation mark; inside a cell it is written twice"),
        "no_addresses": _("no column is called `address`, `mail` or メール; these are there: {fact}"),
        "two_columns": _("two columns are called {fact}"),
        "too_many": _("there are more than {fact} rows; split the table"),
    }[error.code].format(fact=clean(error.fact))
    if error.column:
        return _("row {row}, column {column}: {words}").format(row=error.row, column=error.column, words=words)
    return _("row {row}: {words}").format(row=error.row, words=words) if error.row else words


def found_words(found: Found) -> str:
    """One kind of problem, with what stands in the first of its rows."""
    words = {
        "no_address": _("no address"),
        "bad_address": _("{fact} is no address"),
        "several_addresses": _("several addresses in one cell: {fact}"),
        "duplicate": _("the same address as in row {fact}"),
        "broken_cell": _("the spreadsheet's own error stands there: {fact}"),
        "control_character": _("a control character in the cell"),
        "cannot_be_written": _("it cannot be written as a mail: {fact}"),
        "suppressed": _("on the do-not-mail list; the row will be skipped"),
        "unresolved_field": _("the field {fact} is not filled in"),
        "no_unsubscribe": _("the text does not say how to unsubscribe: put {fact} into the template"),
        "empty_subject": _("the subject is empty"),
        "empty_body": _("there is no text"),
    }.get(found.code)
    fact = clean(found.fact)
    return words.format(fact=fact) if words else clean(SENTENCES.get(found.code, found.code)).format(fact=fact)


def rows_words(found: Found) -> str:
    """Which rows have it: `rows 3, 8, 12 and 40 more`."""
    named = ", ".join(str(n) for n in found.first)
    more = found.rows - len(found.first)
    rows = _("rows {rows} and {more:,} more").format(rows=named, more=more) if more > 0 else _("rows {rows}").format(rows=named)
    return _("{rows} (column {column})").format(rows=rows, column=found.column) if found.column else rows


def state_words(mailing: Mailing, check: MailingCheck = NOTHING_ASKED) -> str:
    """How it stands as a whole."""
    if mailing.state is MailingState.WAITING and check.waits:
        return waits_words(check)
    if mailing.state is MailingState.PAUSED and mailing.why in APPROVAL_PAUSES and not check.waits:
        return _("paused: approved by now, it can be resumed")
    if mailing.state is MailingState.PAUSED and mailing.why:
        return _("paused: {reason}").format(reason=missing_words(mailing.why))
    if mailing.state is MailingState.PAUSED and check.waits:
        return _("paused: {reason}").format(reason=waits_words(check))
    return plain_state_words(mailing.state)


def waits_words(check: MailingCheck) -> str:
    """That somebody's yes is missing; of several stages, which."""
    words = _("waits for approval")
    return words if check.stages < 2 else f"{words} ({check.stage}/{check.stages})"


def missing_words(why: str) -> str:
    """Why it has paused though nobody said so."""
    return {
        SENDER_LEFT: _("its sender may not send any more"),
        CHECKER_LEFT: _("who approved it may not check here any more"),
        NOT_APPROVED: _("the rules now want another approval"),
        "restored": _("a backup was restored: look at Sent before you resume"),
    }.get(why, clean(why))


def check_words(mailing: Mailing, check: MailingCheck, names: Mapping[MemberKey, str]) -> str:
    """Whose yes it needs and has, or who sent it back and why; "" where nobody's is needed."""

    def called(keys: Iterable[MemberKey]) -> str:
        return ", ".join(clean(names.get(key, key)) for key in keys)

    if mailing.state is MailingState.SENT_BACK and mailing.sent_back_by is not None:
        return _("{who} sent it back: {remark}").format(who=called((mailing.sent_back_by,)), remark=one_line(clean(mailing.remark)))
    lost = tuple(dict.fromkeys(one.by for one in mailing.approvals if one.by not in check.yes))
    parts = (
        _("stage {n} of {m}").format(n=min(check.stage, check.stages), m=check.stages) if check.stages > 1 else "",
        _("approved by {who}").format(who=called(check.yes)) if check.yes else "",
        _("{who} may not check here any more").format(who=called(lost)) if lost else "",
    )
    return " · ".join(part for part in parts if part)


def plain_state_words(state: MailingState) -> str:
    """A state by itself."""
    return {
        MailingState.UPLOADING: _("being handed in"),
        MailingState.SENT_BACK: _("sent back by a checker"),
        MailingState.WAITING: _("ready to begin"),
        MailingState.RUNNING: _("running"),
        MailingState.PAUSED: _("paused"),
        MailingState.FINISHED: _("finished"),
        MailingState.CANCELLED: _("cancelled"),
    }[state]


def sent_back_words() -> str:
    """What can be done with a mailing that a checker sent back."""
    return _("It was sent back. Ask for approval again: `mado mailing ask-again`.")


def fate_words(fate: Fate) -> str:
    """What became of a row."""
    return {
        Fate.WAITING: _("waiting"),
        Fate.ON_ITS_WAY: _("on its way"),
        Fate.SENT: _("sent"),
        Fate.REFUSED: _("refused by the mail server"),
        Fate.UNKNOWN: _("outcome unknown"),
        Fate.SKIPPED: _("skipped"),
        Fate.FAILED: _("not taken"),
        Fate.CANCELLED: _("cancelled"),
    }[fate]


def had_their_turn(fates: Mapping[Fate, int]) -> int:
    """Rows that do not wait any more."""
    return sum(count for fate, count in fates.items() if fate is not Fate.WAITING)


def progress_words(mailing: Mailing, fates: Mapping[Fate, int], cells: int = BAR_CELLS) -> str:
    """`▓▓▓░░ 1,200 / 10,000  60/min  2h left`."""
    done = min(had_their_turn(fates), mailing.rows)
    full = done * cells // mailing.rows
    words = f"{'▓' * full}{'░' * (cells - full)} {done:,} / {mailing.rows:,}"
    if mailing.state in OVER:
        return words
    words += "  " + _("{n:,}/min").format(n=mailing.per_minute)
    if mailing.state is not MailingState.RUNNING or done >= mailing.rows:
        return words
    return f"{words}  {left_words((mailing.rows - done) * 60 / mailing.per_minute)}"


def fates_words(fates: Mapping[Fate, int]) -> str:
    """`sent 1,180 · refused by the mail server 3`; nothing of those that wait."""
    told = (fate for fate in Fate if fate is not Fate.WAITING and fates.get(fate))
    return " · ".join(f"{fate_words(fate)} {fates[fate]:,}" for fate in told)


def mailing_refusal_words(refusal: MailingRefusal) -> str:
    """Why the rules say no, with the next step."""
    match refusal:
        case MailingStands(state=""):
            words = _("There is no such mailing.")
        case MailingStands(state=MailingState.SENT_BACK):
            words = sent_back_words()
        case MailingStands(state=state):
            words = _("This cannot be done now; the mailing: {state}.").format(state=_named_state(state))
        case MailingChanged():
            words = _("The mails at the server are others than were looked at; nothing was done.")
        case ApprovalMissing():
            words = _("Somebody else must approve it first: `mado mailing approve`.")
        case OwnMailing():
            words = _("Somebody else must approve it, not the one who made it.")
        case NotOwnCheck():
            words = _("You have approved one stage of it; another one must decide the next.")
        case ReasonRequired():
            words = _("Say what is to be changed: its maker reads it.")
        case NotAllowed(needs=needs):
            words = _not_allowed(needs)
        case Malformed(problem=problem):
            words = _("The server does not take it: {problem}").format(problem=clean(problem))
    return words


def _named_state(state: str) -> str:
    return plain_state_words(MailingState(state)) if state in set(MailingState) else clean(state)


def _not_allowed(needs: str) -> str:
    return {
        "checker": _("Only somebody who checks others' mail in this inbox may do this."),
        "leader": _("Only the one who made it, or a leader, may do this."),
        "author": _("Only the one who made it may do this."),
        "inbox": _("This belongs to an inbox that is not yours."),
    }.get(needs, _("Your role does not allow this."))
