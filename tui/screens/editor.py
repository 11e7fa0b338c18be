"""Writing in `$EDITOR`: the program steps aside, the lease is kept alive by its own thread."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

import msgspec
from textual.app import App, SuspendNotSupported

from store.domain.draft import Carried, Draft
from store.settings.settings import InboxSettings
from tui.files_along import files_along
from tui.identity import identities
from tui.screens.asking import answer_of
from tui.screens.composer_port import Writer
from tui.screens.picker import Picker, Picking
from tui.view.choosing import Choice
from tui.view.editing import Edited, Misread, as_file, carried_words, from_file, misread_words
from tui.view.gate import clean
from tui.view.spans import line
from tui.view.wrapping import wrap
from tui.words import _

AGAIN, AS_TEXT = "again", "text"
WIDTH = 60


class Problem(Exception):
    """Something in the file, in words."""


class EditorProblem(Problem):
    """There is no editor, or it says that nothing is to be changed."""


async def write_outside(writer: Writer) -> None:
    """The program steps aside for `$EDITOR`; what comes back stands in the composer. What cannot be read is shown with its place, and edited on."""
    composing = writer.composing
    composing.save_here()
    draft = composing.draft
    own = identities(composing.inbox)
    text, left = as_file(draft, draft.from_address or own[0].address if len(own) > 1 else ""), ""
    while True:
        try:
            text = left = edited_outside(writer.screen.app, text)
            composing.change(draft_from(draft, text, composing.inbox))
        except EditorProblem as problem:
            writer.say(str(problem), "alarm")
            break
        except Problem as problem:
            if await _edits_on(writer, str(problem)):
                continue
            break
        return
    if left:
        # Whatever else is wrong: what was written is kept.
        composing.change(msgspec.structs.replace(draft, body=left))


async def _edits_on(writer: Writer, words: str) -> bool:
    detail = tuple(line(piece, "alarm") for piece in wrap(clean(words), WIDTH))
    choices = (Choice(AGAIN, _("edit again"), letter="e"), Choice(AS_TEXT, _("take all of it as text"), letter="t"))
    picking = Picking(_("The file cannot be read as a mail"), choices, by_letter=True, detail=detail)
    return await answer_of(writer.screen, Picker(picking)) == AGAIN


def draft_from(draft: Draft, text: str, inbox: InboxSettings) -> Draft:
    """The draft with what the editor left.

    Raises:
        Problem: With the line.
    """
    read = from_file(text)
    if isinstance(read, Misread):
        raise Problem(misread_words(read.line, read.row))
    if not read.has_headers:
        return msgspec.structs.replace(draft, body=read.body)
    from_address = _from(draft, read.from_, inbox)
    own, carried = _along(draft, read)
    return msgspec.structs.replace(
        draft, to=read.to, cc=read.cc, bcc=read.bcc, subject=read.subject, body=read.body, attachments=own, carried=carried, from_address=from_address
    )


def _from(draft: Draft, typed: str, inbox: InboxSettings) -> str:
    if not typed:
        return draft.from_address
    own = identities(inbox)
    found = next((each.address for each in own if each.address.casefold() in typed.casefold()), None)
    if found is None:
        raise Problem(misread_words(1, "", _("{address} is no address of this inbox.").format(address=typed)))
    return "" if found == own[0].address else found


def _along(draft: Draft, read: Edited) -> tuple[tuple[str, ...], tuple[Carried, ...]]:
    received = {carried_words(number, each.name): each for number, each in enumerate(draft.carried, 1)}
    own: list[str] = []
    carried: list[Carried] = []
    for number, value in read.attach:
        if value in received:
            carried.append(received[value])
        elif value in draft.attachments or files_along((value,))[0].size_bytes is not None:
            own.append(value)
        else:
            raise Problem(misread_words(number, "", _("{path} is no file that can be read here.").format(path=value)))
    return tuple(own), tuple(carried)


def read_outside(app: "App[object]", command: str, text: str) -> str:
    """Let a pager show the text; blocks until it ends. What went wrong, in words; "": nothing did."""
    with tempfile.TemporaryDirectory(prefix="mado-") as folder:
        path = Path(folder) / "mail.txt"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                subprocess.run([*shlex.split(command), str(path)], check=False)
        except SuspendNotSupported:
            return _("This terminal cannot step aside for another program.")
        except (OSError, ValueError) as error:
            return _("{program} could not be started: {why}").format(program=command, why=error)
    return ""


def edited_outside(app: "App[object]", text: str) -> str:
    """Let the agent edit the text; blocks until the editor ends.

    Raises:
        EditorProblem: It could not be started, or says that nothing is to be changed.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="mado-") as folder:
        path = Path(folder) / "reply.eml.txt"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                ended = subprocess.run([*shlex.split(editor), str(path)], check=False)
        except SuspendNotSupported as error:
            raise EditorProblem(_("This terminal cannot step aside for an editor.")) from error
        except (OSError, ValueError) as error:
            raise EditorProblem(_("The editor {editor} could not be started: {why}").format(editor=editor, why=error)) from error
        if ended.returncode != 0:
            raise EditorProblem(_("The editor ended with {code}; nothing was changed.").format(code=ended.returncode))
        return path.read_text(encoding="utf-8", errors="replace")
