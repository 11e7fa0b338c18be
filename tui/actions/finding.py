"""Finding: the search, in all mail and in one conversation; looking for new mail."""

import asyncio
from collections.abc import Callable

from store.domain.query_completion import Completion, Vocabulary, complete_query, typed_at
from store.settings.kept import SEARCHED
from tui.actions.port import Desk
from tui.typed_before import lines_kept, remember_line
from tui.view.commands.command import Place
from tui.view.completing import Completer
from tui.view.gate import clean
from tui.view.hints import NO_HINT
from tui.view.matching import words_matcher
from tui.view.verify_words import pass_words
from tui.words import _


async def search(desk: Desk, argument: str) -> None:
    """Results while typing; Enter keeps them, Esc goes back to the list as it was."""
    if argument:
        desk.show_view(argument, _("search: {words}").format(words=clean(argument)))
        return
    home = desk.session.home
    history = await asyncio.to_thread(lines_kept, home, SEARCHED)
    text = await desk.ask_line("/", typed=_typing(desk), complete=_completer(desk), history=history, hinting=True, refusal=desk.views.refusal)
    desk.views.typed()
    if text and text.strip():
        desk.show_view(text, _("search: {words}").format(words=clean(text)))
        desk.go(Place.LIST)
        desk.session.on_deed("search")
        await asyncio.to_thread(remember_line, home, SEARCHED, text)
    else:
        desk.perform("view-back")


async def best(desk: Desk, argument: str) -> None:
    """What answers best at the top: of this query, or of the one that is searched for now."""
    desk.views.best(argument)


def _typing(desk: Desk) -> Callable[[str], None]:
    return lambda typed: desk.views.typing(typed) if typed.strip() else desk.hint(NO_HINT)


def _completer(desk: Desk) -> Completer:
    """Operators, and what the team and its mail have to offer for them."""
    session, labels = desk.session, desk.session.store.labels
    inboxes = (*(inbox.key for inbox in session.settings.inboxes), *session.store.mailbox_names())
    statuses = session.team.statuses()

    def complete(text: str, cursor: int) -> tuple[Completion, ...]:
        typed = typed_at(text, cursor)
        addresses = session.store.known_addresses(typed.text) if typed.field in ("from", "to", "cc") else ()
        tags = labels.tags() if typed.field == "tag" else ()
        folders = labels.folders() if typed.field == "folder" else ()
        known = Vocabulary(members=session.members, inboxes=inboxes, tags=tags, addresses=addresses, statuses=statuses, folders=folders)
        return complete_query(text, cursor, known)

    return complete


async def find(desk: Desk, argument: str) -> None:
    """Mark words in the conversation that is read, and go to the first place; nothing typed: mark nothing any more."""
    if desk.place is Place.LIST:
        desk.go(Place.READING)
        desk.look(anew=True)
    words = argument or await desk.ask_line(_("Find here: "))
    if words is None:
        return
    found = await desk.mail.seek(words_matcher(words) if words.strip() else None)
    if found is not None:
        desk.say(_("{n} of {count}; > and < go on").format(n=found[0], count=found[1]))
    elif words.strip():
        desk.say(_("Not found: {words}").format(words=clean(words)), "alarm")


async def verify(desk: Desk, _argument: str) -> None:
    """Compare everything that is here with the mail server; what differed is mended and said."""
    engine = desk.session.engine
    if engine is None:
        desk.say(_("No inbox is set up here."))
        return
    desk.say(_("Comparing all mail with the server; what comes of it is said here."))
    said = pass_words(await engine.pull_once(verify=True))
    desk.say(said.words, said.tone)


async def sync(desk: Desk, _argument: str) -> None:
    """Look for new mail now."""
    if desk.session.engine is None:
        desk.say(_("No inbox is set up here."))
        return
    await desk.session.engine.poke()
    desk.say(_("Looking for new mail."))
