"""What a comparison with the mail server came to, in words."""

from store.local.flaws import Flaw, FlawKind
from tui.words import _, ngettext


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
