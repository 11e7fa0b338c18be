"""Views: choosing one, and how its list stands; keeping a list as one's own."""

from msgspec.structs import replace

from store.domain.saved_view import CHOOSABLE, Grouping, SavedView, Sort
from store.domain.team_views import problem_of, tidied
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.overheard import in_own_words
from tui.view.viewing import Listed, Whose, built_in_command
from tui.words import _


async def view(desk: Desk, argument: str) -> None:
    """One by its name; without one, choose."""
    if not argument:
        await views(desk, "")
        return
    found = desk.views.shelf.named(argument)
    if found is None:
        desk.say(_("There is no view {view}.").format(view=clean(argument)), "alarm")
    else:
        desk.views.show_listed(found)


async def views(desk: Desk, _argument: str) -> None:
    """Choose one of all."""
    listed = {one.id: one for one in desk.views.shelf.listed()}
    choices = tuple(_choice(desk, one) for one in listed.values())
    picked = await desk.choose(Picking(_("Which view?"), choices))
    if picked is not None:
        desk.views.show_listed(listed[picked])


def _choice(desk: Desk, one: Listed) -> Choice:
    key = desk.session.keys.key_of(built_in_command(one.view.name)) if one.whose is Whose.BUILT_IN else f"g{one.view.key}" if one.view.key else ""
    return Choice(one.id, one.words, key)


async def sort(desk: Desk, argument: str) -> None:
    """What stands at the top."""
    await _look(desk, argument, _("Sort by: newest, oldest, urgency "), {str(one): {"sort": one} for one in Sort})


async def group(desk: Desk, argument: str) -> None:
    """What the list is parted by."""
    await _look(desk, argument, _("Part by: owner, status, day, none "), {str(one): {"group": one} for one in Grouping})


async def columns(desk: Desk, argument: str) -> None:
    """Which columns there are; none named: all."""
    named = tuple(word for word in argument.replace(",", " ").split() if word)
    if not set(named) <= set(CHOOSABLE):
        desk.say(_("Columns are: {names}").format(names=" ".join(CHOOSABLE)), "alarm")
        return
    await desk.views.stand(replace(desk.views.look, columns=tuple(one for one in CHOOSABLE if one in named)))


async def _look(desk: Desk, argument: str, label: str, choices: dict[str, dict[str, object]]) -> None:
    typed = argument or await desk.ask_line(label)
    if not typed:
        return
    fitting = [change for word, change in choices.items() if word.startswith(typed.strip().casefold())]
    if len(fitting) != 1:
        desk.say(_("It is one of: {names}").format(names=" ".join(choices)), "alarm")
        return
    await desk.views.stand(replace(desk.views.look, **fitting[0]))


async def save(desk: Desk, argument: str) -> None:
    """Keep what is listed now, as it stands."""
    name = argument or await desk.ask_line(_("Name of the view: "))
    if not name or not name.strip():
        return
    look = desk.views.look
    kept = tidied(SavedView(name, desk.views.query_text, "", look.sort, look.group, look.columns))
    if (problem := problem_of(kept)) is not None:
        desk.say(in_own_words(problem), "alarm")
        return
    await desk.views.shelf.save(kept)
    desk.views.changed()
    desk.say(_("Kept as {view}: :view {view} shows it.").format(view=clean(kept.name)))


async def remove(desk: Desk, argument: str) -> None:
    """Keep one of one's own no more."""
    found = desk.views.shelf.named(argument) if argument else None
    if found is None or found.whose is not Whose.OWN:
        desk.say(_("You have no view of your own called {view}.").format(view=clean(argument)), "alarm")
        return
    await desk.views.shelf.drop(found.view.name)
    desk.views.changed()
    desk.say(_("The view {view} is kept no more.").format(view=found.words))
