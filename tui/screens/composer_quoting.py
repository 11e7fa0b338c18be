"""Quoting from the conversation beside the text: the lines one selects there, or a whole message."""

from mailsync.mime.answering import quote, quote_lines
from tui.reply import answered_message, attribution
from tui.screens.composer_port import Writer
from tui.view.gate import writable
from tui.view.keys.keymap import KeyMap
from tui.view.quoting import rejoined
from tui.widgets.context_pane import ContextPane
from tui.words import _


async def into_conversation(writer: Writer) -> None:
    """The cursor goes into the conversation, or back to the text."""
    if writer.context.has_focus:
        writer.body.focus()
    elif not writer.context.display or not writer.context.size.height:
        writer.say(_("There is no room for the conversation here; a higher window shows it."))
    else:
        writer.context.focus()
        writer.say(quoting_words(writer.composing.session.keys))


async def context_down(writer: Writer) -> None:
    """Scroll it from the text."""
    writer.context.scroll_by(writer.context.text_height // 2)


async def context_up(writer: Writer) -> None:
    """Scroll it from the text."""
    writer.context.scroll_by(-(writer.context.text_height // 2))


async def quote_answered(writer: Writer) -> None:
    """The whole message that is answered, at the cursor."""
    opened = writer.composing.opened
    stored = answered_message(opened.messages, opened.conversation, writer.composing.session.own_addresses)
    if stored is None:
        writer.say(_("There is no message here to quote."))
        return
    writer.body.put(writable_quote(quote(stored.message, attribution(stored))))
    writer.body.focus()


def quote_taken(writer: Writer, taken: ContextPane.Taken) -> None:
    """What was taken in the conversation comes into the text at its cursor."""
    opened, lines = writer.composing.opened, writer.context.lines
    marks = (lines[index].mark for index in range(min(taken.first, len(lines) - 1), -1, -1))
    mark = next((each for each in marks if each.startswith("message:")), "")
    if not mark:
        return
    stored = opened.messages[int(mark.partition(":")[2])]
    if taken.selected:
        rows = [lines[index].text for index in range(taken.first, min(taken.last + 1, len(lines)))]
        quoted = rejoined(rows, stored.message.text)
        words = quote_lines(quoted)
    else:
        words = quote(stored.message, attribution(stored))
    if words.strip():
        writer.body.put(writable_quote(words))
    writer.body.focus()


def writable_quote(words: str) -> str:
    """On lines of its own, with nothing in it that steers a terminal."""
    return writable(words).rstrip("\n") + "\n"


def quoting_words(keys: KeyMap) -> str:
    """What the keys do in the conversation, by the map in use."""
    words = _("{select} selects, {take} quotes, {leave} goes back to the text")
    return words.format(select=keys.shown("beside-select"), take=keys.shown("beside-take"), leave=keys.shown("leave"))
