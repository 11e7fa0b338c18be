"""Everything that works in the composer, to read and to pick; searching in the text; and the rarer fields."""

from tui.screens.asking import answer_of
from tui.screens.composer_asking import line_typed
from tui.screens.composer_port import Writer
from tui.screens.picker import Picker, Picking
from tui.screens.program import program_of
from tui.view.choosing import Choice
from tui.view.commands.command import Place
from tui.view.commands.every import commands_at, words_of
from tui.view.keys.key_words import key_words
from tui.view.matching import words_matcher
from tui.widgets.prompt import Question
from tui.words import _

MENU = "more"


async def pick_command(writer: Writer) -> None:
    """Pick one of them; it is done as if its key had been pressed."""
    commands = (each for each in commands_at(Place.COMPOSER) if each.name != MENU)
    keys = writer.composing.session.keys
    choices = tuple(Choice(each.name, words_of(each), "  ".join(map(key_words, keys.keys_of(each)))) for each in commands)
    picked = await answer_of(writer.screen, Picker(Picking(_("What works here (type to search, Esc leaves)"), choices)))
    if picked is not None:
        # What is typed now is for what that command asks.
        program_of(writer.screen).hold_keys()
        await writer.do(picked)


async def find(writer: Writer) -> None:
    """Search in the text; Enter alone goes on to the next place."""
    label = _("Find: ")
    typed = await line_typed(writer, Question(label, history=writer.sought))
    words = typed or (writer.sought[-1] if writer.sought and typed is not None else "")
    if not words:
        return
    if words not in writer.sought[-1:]:
        writer.sought.append(words)
    if not writer.body.find(words_matcher(words)):
        writer.say(_("Not found: {words}").format(words=words))


async def ask_for_bcc(writer: Writer) -> None:
    """A field for those whom nobody else sees."""
    writer.fields.ask_for_bcc()
