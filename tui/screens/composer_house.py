"""What is the house's or the person's own about a mail: which address it is from, and where a reply stands to what it quotes."""

import asyncio

import msgspec

from store.domain.draft_kind import DraftKind
from store.settings.kept import Kept
from tui.freezing import wants_receipt
from tui.identity import identities
from tui.recipients import written
from tui.reply import QUOTING, Quoting
from tui.screens.asking import answer_of
from tui.screens.composer_port import Writer
from tui.screens.picker import Picker, Picking
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.words import _


async def is_meant(writer: Writer) -> bool:
    """A redirect is somebody else's mail, and nothing of it can be taken back or explained: it is asked about."""
    draft = writer.composing.draft
    if draft.kind is not DraftKind.REDIRECT or not (draft.to or draft.cc or draft.bcc):
        return True
    title = _("Pass this mail on, as it is, to {to}?").format(to=clean(", ".join((*draft.to, *draft.cc, *draft.bcc))))
    choices = (Choice("back", _("back to the text"), letter="b"), Choice("send", _("pass it on"), letter="s"))
    return await answer_of(writer.screen, Picker(Picking(title, choices, by_letter=True))) == "send"


async def choose_from(writer: Writer) -> None:
    """Another of the inbox's own addresses."""
    own = identities(writer.composing.inbox)
    if len(own) < 2:
        writer.say(_("This inbox has one address only."))
        return
    choices = tuple(Choice(each.address, clean(written(each))) for each in own)
    picked = await answer_of(writer.screen, Picker(Picking(_("It is from"), choices)))
    if picked is not None:
        draft = writer.composing.draft
        writer.composing.change(msgspec.structs.replace(draft, from_address="" if picked == own[0].address else picked))


async def ask_for_receipt(writer: Writer) -> None:
    """Have the recipients' programs say when this mail is opened, or not."""
    composing = writer.composing
    if composing.draft.kind is DraftKind.REDIRECT:
        writer.say(_("A mail that is passed on as it is asks for nothing."))
        return
    wanted = not wants_receipt(composing.draft, composing.inbox)
    composing.change(msgspec.structs.replace(composing.draft, receipt=wanted))
    writer.say(_("A receipt is asked for; many mail programs send none.") if wanted else _("No receipt is asked for."))


async def ask_for_delivery(writer: Writer) -> None:
    """Have the mail servers say when this mail has arrived, or not, or as the inbox does: one after another, for the server knows that setting."""
    composing = writer.composing
    wanted = {None: True, True: False, False: None}[composing.draft.delivered]
    composing.change(msgspec.structs.replace(composing.draft, delivered=wanted))
    words = {
        True: _("A report of its arrival is asked for, where the mail servers write one."),
        False: _("No report of its arrival is asked for."),
        None: _("A report of its arrival is asked for if the inbox does so."),
    }
    writer.say(words[wanted])


async def choose_quoting(writer: Writer) -> None:
    """Kept for this person, for every reply from now on."""
    words = {
        Quoting.ABOVE: _("above what it quotes"),
        Quoting.BELOW: _("below what it quotes"),
        Quoting.NONE: _("nothing is quoted"),
    }
    choices = tuple(Choice(each, said, letter=each[0]) for each, said in words.items())
    picked = await answer_of(writer.screen, Picker(Picking(_("The answer stands"), choices, by_letter=True)))
    if picked is not None:
        kept = Kept(writer.composing.session.home)
        await asyncio.to_thread(kept.set_preference, QUOTING, picked)
        writer.say(_("Replies from now on: {words}.").format(words=words[Quoting(picked)]))
