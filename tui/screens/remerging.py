"""What stands between a text and its sending on the templates' side: a version that is old by now, and placeholders nobody filled."""

from typing import Protocol

from textual.screen import Screen

from store.domain.refusals import TemplateWithdrawn
from store.domain.remerge import Clash, clashes, difference
from tui.composing import Composing
from tui.screens.asking import answer_of
from tui.screens.picker import Picker, Picking
from tui.templating import Offer, as_ones_own, filled, left_there, placeholders, remerged
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.keys.keymap import KeyOf
from tui.view.next_steps import with_step
from tui.view.refusals import refusal_words
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _

TAKE, KEEP = "take", "keep"
REMOVE, LEAVE, VALUE = "remove", "leave", "="
MOST_LINES = 14
"""Of a difference, in a box at 80×24."""
_TONES = {"+": "done", "-": "alarm"}


class Writing(Protocol):
    """The composer as this module sees it."""

    composing: Composing

    @property
    def screen(self) -> "Screen[object]": ...
    def say(self, words: str, tone: str = "notice") -> None: ...


async def settled(writing: Writing) -> bool:
    """Have the agent decide about old templates and empty placeholders; False: they went back to the text."""
    return await settle_templates(writing) and await _settle_placeholders(writing)


def offer_words(offers: tuple[Offer, ...], key: KeyOf) -> str:
    """What stands in the composer's banner as soon as a template in the text has changed; "" while none has."""
    if not offers:
        return ""
    name = clean(offers[0].template.name)
    if offers[0].template.withdrawn:
        return _("The template {name} was withdrawn: its text may not go out.").format(name=name)
    return _("The template {name} has changed: {key} shows what, and puts it in.").format(name=name, key=key("template"))


async def settle_templates(writing: Writing) -> bool:
    """One offer after the other: put the newest version in, or keep the text as one's own. What was withdrawn must go."""
    composing = writing.composing
    while offers := composing.offers():
        offer = offers[0]
        if offer.template.withdrawn:
            session = composing.session
            refusal = TemplateWithdrawn(offer.template.key, offer.template.name)
            writing.say(with_step(refusal_words(refusal, session.names, session.clock.now()), refusal, session.keys), "alarm")
            return False
        picked = await answer_of(writing.screen, Picker(_offered(offer, _width(writing))))
        if picked == TAKE:
            choices = await _chosen(writing, offer)
            if choices is None:
                return False
            composing.change(remerged(composing.draft, offer, choices))
        elif picked == KEEP:
            composing.change(as_ones_own(composing.draft, offer.inserted))
        else:
            return False
    return True


def _offered(offer: Offer, width: int) -> Picking:
    shown = difference(offer.inserted.text, offer.text)
    changed = [n for n, each in enumerate(shown) if not each.startswith("  ")]
    near = [each for n, each in enumerate(shown) if any(abs(n - at) <= 1 for at in changed)]
    title = _("{name}: version {old} is in your text, version {new} is the newest").format(
        name=clean(offer.template.name), old=offer.inserted.version, new=offer.template.version
    )
    choices = (
        Choice(TAKE, _("put the newest in; what you changed is kept"), letter="m"),
        Choice(KEEP, _("keep my text as it is"), letter="k"),
    )
    return Picking(title, choices, by_letter=True, detail=_shown(near, width))


async def _chosen(writing: Writing, offer: Offer) -> tuple[bool, ...] | None:
    """Whose lines count where both have changed the same ones; None: back to the text."""
    taken: list[bool] = []
    for clash in clashes(offer.pieces):
        picked = await answer_of(writing.screen, Picker(_clashing(clash, _width(writing))))
        if picked is None:
            return None
        taken.append(picked == TAKE)
    return tuple(taken)


def _clashing(clash: Clash, width: int) -> Picking:
    lines = [*(f"- {each}" for each in clash.mine), *(f"+ {each}" for each in clash.new)]
    choices = (Choice(KEEP, _("mine (-)"), letter="k"), Choice(TAKE, _("the template's (+)"), letter="m"))
    return Picking(_("You and the template changed the same lines"), choices, by_letter=True, detail=_shown(lines, width))


def _shown(lines: list[str], width: int) -> tuple[Line, ...]:
    pieces = [line(piece, _TONES.get(each[:1], "")) for each in lines for piece in wrap(clean(each), width, rest="  ")]
    return tuple(pieces) if len(pieces) <= MOST_LINES else (*pieces[: MOST_LINES - 1], line("…", "quiet"))


async def _settle_placeholders(writing: Writing) -> bool:
    composing = writing.composing
    while names := placeholders(composing.draft):
        name = names[0]
        choices = (
            Choice(REMOVE, _("take it out"), "{{" + clean(name) + "}}"),
            Choice(LEAVE, _("send it as it stands"), "{{" + clean(name) + "}}"),
        )
        title = _("The field {name} is empty: type what shall stand there").format(name=clean(name))
        picked = await answer_of(writing.screen, Picker(Picking(title, choices, making=_typed)))
        if picked is None:
            return False
        if picked == LEAVE:
            composing.change(left_there(composing.draft, name))
        else:
            composing.change(filled(composing.draft, name, "" if picked == REMOVE else picked.removeprefix(VALUE)))
    return True


def _typed(text: str) -> Choice | None:
    return Choice(VALUE + text, clean(text)) if "{{" not in text else None


def _width(writing: Writing) -> int:
    return max(26, min(96, writing.screen.size.width * 4 // 5 - 4))
