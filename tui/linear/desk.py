"""The loop: a line is typed, sentences come. Verbs of the command line do the work, so that rights, fence and log are the same."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from store.domain.ids import ConversationId
from store.domain.query import VIEWS, Query, QueryError, parse_query
from store.domain.team_facts import names_of_statuses
from store.errors import MadoError
from store.local.rows import ConversationRow, PageKey
from tui.cli.invocation import Invocation
from tui.cli.main import run
from tui.linear.behind import Behind
from tui.linear.spoken import Spoken
from tui.opened import Opened, read_opened
from tui.session import Session
from tui.view.comments import Hearer, comment_lines
from tui.view.gate import clean
from tui.view.linear import Order, Unheard, heard, help_sentences, row_sentence, verb_of
from tui.view.reading import conversation_lines
from tui.view.rows import Reader
from tui.view.timeline import event_words
from tui.view.trouble import trouble_words
from tui.words import _, ngettext

T = TypeVar("T")
ROWS = 10
"""Lines of a list read out at once."""
MOST_NEWS = 5
MOST_TOLD = 2_000
FIRST_MAIL_SECONDS = 20.0
"""So long a home that has no mail yet waits for its first list."""
LOOK_SECONDS = 0.1
END = "."
"""A line of it alone ends a text, as in mail(1)."""


class LinearDesk:
    """One agent's desk in sentences."""

    def __init__(self, session: Session, ask: Callable[[str], str] = input) -> None:
        self._session = session
        self._ask = ask
        self._behind = Behind(session)
        self._rows: list[ConversationRow] = []
        self._query = VIEWS["tray"]
        self._after: PageKey | None = None
        self._opened: ConversationId | None = None
        self._told: dict[ConversationId, ConversationRow] = {}
        """Each conversation as it was read out last."""
        self._mine: set[ConversationId] = set()
        """What was changed from here since the last news: nobody needs to be told of it."""

    def run(self) -> int:
        """Until `quit`, or the end of the input; the exit code."""
        self._behind.begin()
        try:
            self._wait_for_first_mail()
            self._list(VIEWS["tray"])
            while True:
                self._tell_news()
                try:
                    typed = self._ask(_("mado: "))
                except (EOFError, KeyboardInterrupt):
                    self._say("")
                    return 0
                order = heard(typed, self._session.keys)
                if order is None:
                    continue
                if order.name == "quit":
                    return 0
                self._do(order)
        finally:
            self._behind.end()

    def _wait_for_first_mail(self) -> None:
        """A list of nothing would be read out, and then mail after mail."""
        inboxes, store = self._session.settings.inboxes, self._session.store
        until = time.monotonic() + FIRST_MAIL_SECONDS
        if all(store.pulled_at(inbox.key) is not None for inbox in inboxes):
            return
        self._say(_("The mail is being fetched."))
        while time.monotonic() < until and any(store.pulled_at(inbox.key) is None and inbox.key not in self._session.failing for inbox in inboxes):
            time.sleep(LOOK_SECONDS)
        self._behind.take()

    def _do(self, order: Order) -> None:
        here: dict[str, Callable[[str], None]] = {
            "list": self._list,
            "search": self._list,
            "more": lambda _rest: self._page(),
            "news": lambda _rest: None,
            "open": self._open,
            "next": lambda _rest: self._step(1),
            "previous": lambda _rest: self._step(-1),
            "timeline": lambda _rest: self._timeline(),
            "reply": self._reply,
            "help": lambda _rest: self._say(*help_sentences(self._session.keys)),
        }
        try:
            if order.name in here:
                here[order.name](order.rest)
            else:
                self._verb(order)
        except Unheard as error:
            self._say(str(error))
        except MadoError as error:
            self._say(trouble_words(error))

    def _say(self, *sentences: str) -> None:
        for each in sentences:
            sys.stdout.write(clean(each) + "\n")
        sys.stdout.flush()

    def _read(self, work: Callable[[], T]) -> T:
        asked: Future[T] = self._session.store.ask(work)
        return asked.result()

    def _reader(self) -> Reader:
        session = self._session
        return Reader(session.me, session.names, session.clock.now(), statuses=session.statuses)

    # Lists.

    def _list(self, text: str) -> None:
        try:
            self._parsed(text or VIEWS["tray"])
        except QueryError as error:
            self._say(trouble_words(error))
            return
        self._query, self._rows, self._after, self._opened = text or VIEWS["tray"], [], None, None
        count = self._read(lambda: self._session.store.count(self._parsed(self._query)))
        self._say(ngettext("{n} conversation", "{n} conversations", count).format(n=count))
        self._page()

    def _parsed(self, text: str) -> Query:
        return parse_query(text, me=self._session.me, own_statuses=names_of_statuses(self._session.team))

    def _page(self) -> None:
        query, after = self._parsed(self._query), self._after
        page = self._read(lambda: self._session.store.page(query, limit=ROWS, after=after))
        if not page.rows:
            self._say(_("There is nothing more."))
            return
        first = len(self._rows) + 1
        self._rows += page.rows
        self._after = page.rows[-1].key
        reader = self._reader()
        self._tell(page.rows)
        self._say(*(row_sentence(row, reader, place) for place, row in enumerate(page.rows, first)))
        if page.more_after:
            self._say(_("more: the next page"))

    # One conversation.

    def _open(self, number: str) -> None:
        if not number.isdecimal():
            raise Unheard(_("Type the place of a conversation in the list, such as 2, to open it."))
        place = int(number)
        if not 1 <= place <= len(self._rows):
            raise Unheard(_("There is no line {number} in the list.").format(number=clean(number)))
        self._opened = self._rows[place - 1].id
        self._show()

    def _step(self, by: int) -> None:
        places = {row.id: place for place, row in enumerate(self._rows, 1)}
        now = places.get(self._opened, 0) if self._opened else 0
        if not 1 <= now + by <= len(self._rows):
            raise Unheard(_("The list ends here; more reads on, list begins anew."))
        self._open(str(now + by))

    def _here(self) -> Opened:
        conversation_id = self._opened
        if conversation_id is None:
            raise Unheard(_("Open a conversation first: type its place in the list."))
        opened = self._read(lambda: read_opened(self._session.store, conversation_id))
        if opened is None:
            raise Unheard(_("This conversation is not here any more."))
        return opened

    def _show(self) -> None:
        opened, session = self._here(), self._session
        self._read(lambda: session.store.marks.read_to(opened.row.id, opened.row.revision, session.clock.now()))
        now, width = session.clock.now(), shutil.get_terminal_size().columns - 1
        self._say(row_sentence(opened.row, self._reader()))
        self._say(*(line.text for line in conversation_lines(opened.messages, width, now)))
        if not opened.messages:
            self._say(_("Its mail is still being fetched; open it again in a moment."))
        comments = comment_lines(opened.conversation.comments, width, Hearer(session.me, session.names, now))
        if comments:
            self._say(_("Comments of the team, never mailed:"), *(line.text for line in comments))

    def _timeline(self) -> None:
        session = self._session
        for event in self._here().timeline:
            words = event_words(event.event, session.names, session.statuses)
            if words:
                self._say(f"{event.at.astimezone():%Y-%m-%d %H:%M} {session.names.get(event.by, event.by)}: {words}")

    def _verb(self, order: Order) -> None:
        conversation_id = self._opened
        if conversation_id is None and order.name != "sync":
            # A name that is none is said before anything else is asked for.
            verb_of(order, "-", self._session.clock.now())
            self._here()
        words = verb_of(order, conversation_id or "", self._session.clock.now())
        if self._run(*words) == 0 and conversation_id is not None:
            self._mine.add(conversation_id)
            row = self._read(lambda: self._session.store.row(conversation_id))
            if row is not None:
                self._say(row_sentence(row, self._reader()))

    def _run(self, *words: str) -> int:
        return run(words, Invocation(self._session.home, output=Spoken()))

    # Answering.

    def _reply(self, template: str) -> None:
        conversation_id = self._here().row.id
        with tempfile.TemporaryDirectory(prefix="mado-reply-") as folder:
            given = ["--template", template] if template else ["--body", str(self._written(Path(folder)))]
            self._mine.add(conversation_id)
            if self._run("reply", conversation_id, *given) != 0:
                return
            if self._ask(_("Send it? y sends, anything else keeps the draft: ")).strip().lower() != "y":
                self._say(_("The text is kept as a draft."))
                return
            if self._run("reply", conversation_id, *given, "--send") == 0:
                self._say(_("It is on its way; undo takes it back for a while."))
            elif self._ask(_("Send it all the same? y sends, anything else keeps the draft: ")).strip().lower() == "y":
                self._run("reply", conversation_id, *given, "--send", "--yes")

    def _written(self, folder: Path) -> Path:
        self._say(_("Write the text. A line with a single full stop ends it; an empty text gives up."))
        lines: list[str] = []
        while (line := self._ask("")) != END:
            lines.append(line)
        if not "".join(lines).strip():
            raise Unheard(_("Nothing was written."))
        path = folder / "reply.txt"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    # News.

    def _tell_news(self) -> None:
        said, changed = self._behind.take()
        self._say(*said)
        others = changed - self._mine
        self._mine.clear()
        fresh = [
            row
            for row in self._read(lambda: [self._session.store.row(each) for each in others])
            if row is not None and _is_news(self._told.get(row.id), row)
        ]
        fresh.sort(key=lambda row: row.revision)
        reader = self._reader()
        for row in fresh[-MOST_NEWS:]:
            self._say(_("News: {row}").format(row=row_sentence(row, reader)))
        if len(fresh) > MOST_NEWS:
            self._say(_("And {n} more.").format(n=len(fresh) - MOST_NEWS))
        self._tell(fresh)

    def _tell(self, rows: Sequence[ConversationRow]) -> None:
        self._told.update((row.id, row) for row in rows)
        while len(self._told) > MOST_TOLD:
            del self._told[next(iter(self._told))]


def _is_news(before: ConversationRow | None, row: ConversationRow) -> bool:
    """Whether somebody would want to be told: a mail or a call that was not here, another status or owner, somebody who writes."""
    if before is None:
        return row.unread or row.mentions_me
    return (before.status, before.owner, before.lease_by, before.last_at) != (row.status, row.owner, row.lease_by, row.last_at)
