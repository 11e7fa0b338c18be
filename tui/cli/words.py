"""`mado words`: the words that the house forbids or avoids in its mail; everybody reads the list, leaders keep it."""

from pathlib import Path

import click
from msgspec.structs import replace

from store.domain.commands import SaveWords
from store.domain.house_words import CARELESS, FORBIDDEN, HouseWord
from store.domain.ids import InboxKey
from store.errors import BadInput
from tui.cli.agreed import give
from tui.cli.given import read_body
from tui.cli.hit_shapes import Shape
from tui.cli.invocation import Invocation, Verb, VerbGroup
from tui.cli.level import catch_up_briefly
from tui.cli.team import opened_store
from tui.view.word_list import word_line, words_in
from tui.words import _


class WordsUnreadable(BadInput):
    """A file that is no list of words."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"{name}: line {number} is no `error WORD => INSTEAD @INBOX` or `warning …`", name=name, line=number)


class NotOnTheList(BadInput):
    """A word to be taken off the list that is not on it."""

    def __init__(self, word: str) -> None:
        super().__init__(f"`{word}` is not on the list; `mado words list` shows it", word=word)


def word_shape(word: HouseWord) -> Shape:
    """A line of `mado words list`."""
    return {"word": word.text, "level": word.level, "instead": word.instead or None, "inbox": word.inbox or None}


@click.group(cls=VerbGroup)
@click.pass_context
def words(context: click.Context) -> None:
    """List the words that the house forbids or avoids in its mail."""
    if context.invoked_subcommand is None:
        _list(context.obj)


def _list(invocation: Invocation) -> None:
    for word in _known(invocation):
        invocation.output.row(word_shape(word), word_line(word))


def _known(invocation: Invocation) -> tuple[HouseWord, ...]:
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        return store.team().living_words()


@words.command("list", cls=Verb)
@click.pass_obj
def list_words(invocation: Invocation) -> None:
    """List them, in the form that `import` reads."""
    _list(invocation)


@words.command("add", cls=Verb)
@click.argument("word")
@click.option("--error", is_flag=True, help="No mail may have it (default: the writer is asked).")
@click.option("--instead", default="", help="What to write in its place.")
@click.option("--inbox", default="", help="Only in this inbox.")
@click.pass_obj
def add_word(invocation: Invocation, word: str, instead: str, inbox: str, *, error: bool) -> int:
    """Put a word on the list, or change what is said of it."""
    wanted = HouseWord(word, FORBIDDEN if error else CARELESS, instead, InboxKey(inbox))
    return give(invocation, SaveWords((wanted,)), word)


@words.command("remove", cls=Verb)
@click.argument("word")
@click.option("--inbox", default="", help="Only in this inbox.")
@click.pass_obj
def remove_word(invocation: Invocation, word: str, inbox: str) -> int:
    """Take a word off the list."""
    found = next((one for one in _known(invocation) if one.key == (inbox, word.strip())), None)
    if found is None:
        raise NotOnTheList(word)
    return give(invocation, SaveWords((replace(found, removed=True),)), word)


@words.command("import", cls=Verb)
@click.argument("file", metavar="FILE|-")
@click.option("--replace", "replacing", is_flag=True, help="Take everything off the list that the file does not have.")
@click.option("--dry-run", is_flag=True, help="Only show what would change: + on the list, - off it.")
@click.pass_obj
def import_words(invocation: Invocation, file: str, *, replacing: bool, dry_run: bool) -> int:
    """Put the words of a file on the list, all of them or none."""
    wanted, wrong = words_in(read_body(file if file == "-" else str(Path(file).expanduser())))
    if wrong:
        raise WordsUnreadable(file, wrong[0])
    known = {word.key: word for word in _known(invocation)}
    named = {word.key for word in wanted}
    gone = tuple(replace(word, removed=True) for key, word in known.items() if key not in named) if replacing else ()
    changed = (*gone, *(word for word in wanted if known.get(word.key) != word))
    for word in changed:
        invocation.output.row({**word_shape(word), "removed": word.removed}, f"{'-' if word.removed else '+'} {word_line(word)}")
    if not changed:
        invocation.output.message(_("the list says so already"))
    return give(invocation, SaveWords(changed), file) if changed and not dry_run else 0
