"""`mado linear`, or `mado --linear`: the desk as a plain prompt that prints lines in order, for screen readers. It moves no cursor."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from store.clock import SystemClock
from store.domain.query import VIEWS, parse_query
from store.domain.team_facts import names_of_statuses
from store.errors import MadoError
from store.local.rows import ConversationRow, PageKey
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.view.linear import WORDS, Asked, asked, change_sentences, row_sentence
from tui.view.rows import Reader
from tui.view.trouble import trouble_words
from tui.words import _, ngettext

LINES = 10
"""Conversations at a time."""
Runs = Callable[[list[str]], int]


@click.command(cls=Verb)
@click.pass_obj
def linear(invocation: Invocation) -> int:
    """Work line by line, for screen readers: list, read 12, comment, take, done, status, reply, search, next, help, quit."""
    # Here, not at the top: it imports this module's neighbours by name.
    from tui.cli.main import run

    home = ["--home", str(invocation.explicit_home)] if invocation.explicit_home else []
    return Linear(invocation, lambda arguments: run([*home, *arguments])).work()


class Linear:
    """One sitting. `runs` does a verb of the command line, which says itself what came of it."""

    def __init__(self, invocation: Invocation, runs: Runs) -> None:
        self._invocation = invocation
        self._runs = runs
        self._query = ""
        self._after: PageKey | None = None
        self._shown: tuple[ConversationRow, ...] = ()
        self._current = ""

    def work(self) -> int:
        """Ask for lines until `quit` or the end of the input."""
        print(_("mado, line by line. Type help for what you can say."))
        self._list("")
        while True:
            try:
                typed = input("mado> ")
            except (EOFError, KeyboardInterrupt):
                print()
                return 0
            if not typed.strip():
                continue
            wanted = asked(typed, self._current)
            if wanted is None:
                print(_("I do not know {typed}. Type help.").format(typed=typed.strip()))
            elif wanted.word == "quit":
                return 0
            else:
                self._do(wanted)

    def _do(self, wanted: Asked) -> None:
        try:
            if wanted.word in ("list", "search"):
                self._list(wanted.rest)
            elif wanted.word == "next":
                self._page()
            elif wanted.word == "help":
                print(_("You can say: {words}. A number reads that conversation.").format(words=", ".join(WORDS)))
            elif wanted.word == "sync":
                self._runs(["sync"])
                self._say_changes()
            elif not wanted.number:
                print(_("Which one? Say its number: {word} 12").format(word=wanted.word))
            else:
                self._about_one(wanted)
        except MadoError as error:
            print(trouble_words(error))

    def _about_one(self, wanted: Asked) -> None:
        number, rest = wanted.number, wanted.rest
        self._current = number
        if wanted.word == "read":
            self._runs(["show", number])
            return
        if wanted.word == "reply":
            self._reply(number)
        elif wanted.word in ("comment", "status") and not rest:
            print(_("Say what: {word} 12 …").format(word=wanted.word))
            return
        else:
            arguments = {
                "comment": ["comment", number, rest],
                "take": ["take", number],
                "undo": ["undo", number],
                "done": ["status", number, "done"] if not rest else ["status", number, "no_reply", "--reason", rest],
                "status": ["status", number, *rest.split(maxsplit=1)[:1], *(["--reason", rest.split(maxsplit=1)[1]] if " " in rest else [])],
            }
            self._runs(arguments[wanted.word])
        self._say_changes()

    def _reply(self, number: str) -> None:
        """Written in the editor, kept as a draft first: what a server refuses is not lost."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "reply.txt"
            path.touch(0o600)
            editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
            try:
                subprocess.run([*shlex.split(editor), str(path)], check=True)
            except (OSError, ValueError, subprocess.CalledProcessError) as error:
                print(_("The editor {editor} could not be started: {why}").format(editor=editor, why=error))
                return
            if not path.read_text("utf-8").strip():
                print(_("Nothing was written."))
            elif self._runs(["reply", number, "--body", str(path)]) == 0 and self._agreed(_("It is kept as a draft. Send it now? yes or no: ")):
                self._runs(["reply", number, "--body", str(path), "--send"])

    @staticmethod
    def _agreed(question: str) -> bool:
        try:
            return input(question).strip().lower() in ("yes", "y", "はい")
        except (EOFError, KeyboardInterrupt):
            print()
            return False

    # The list.

    def _list(self, query: str) -> None:
        self._query, self._after, self._shown = query or VIEWS["tray"], None, ()
        with_news = LocalStore.open(self._invocation.home)
        try:
            catch_up_briefly(self._invocation.home, with_news, self._invocation.output)
        finally:
            with_news.close()
        self._page()

    def _page(self) -> None:
        rows, after, more, reader = self._read(self._after, LINES)
        for row in rows:
            print(row_sentence(row, reader))
        if more:
            print(_("There are more: next."))
        elif not rows:
            print(_("That is all.") if self._shown else _("Nothing is there."))
        else:
            print(ngettext("{n} conversation.", "{n} conversations.", len(rows)).format(n=len(rows)))
        self._after, self._shown = after, (*self._shown, *rows)

    def _say_changes(self) -> None:
        """What is other since it was read out."""
        rows, _after, _more, reader = self._read(None, max(LINES, len(self._shown)))
        for sentence in change_sentences(self._shown, rows, reader):
            print(sentence)
        self._shown = rows
        sys.stdout.flush()

    def _read(self, after: PageKey | None, limit: int) -> tuple[tuple[ConversationRow, ...], PageKey | None, bool, Reader]:
        store = LocalStore.open(self._invocation.home)
        try:
            team, me = store.team(), store.me()
            query = parse_query(self._query, me=me, own_statuses=names_of_statuses(team))
            page = store.page(query, limit=limit, after=after)
            names = {member.key: member.name for member in store.members()}
            reader = Reader(me, names, SystemClock().now(), statuses=team.every_status())
        finally:
            store.close()
        return page.rows, page.rows[-1].key if page.rows else after, bool(page.more_after), reader
