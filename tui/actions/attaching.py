"""Attachments: opened in another program, or saved where one says. Nothing is written over unasked, and nothing runs unasked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from store.domain.ids import ConversationId, MessageId
from store.domain.message import Attachment
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.on_loop import OnLoop
from tui.actions.moving import go_to_message
from tui.actions.port import Desk
from tui.fetching import comment_file_of, content_of
from tui.files import NoOpener, download_folder, free_path, open_outside, paths_from, place_for
from tui.files import save as save_file
from tui.screens.picker import Picking
from tui.screens.shown_mail import Here
from tui.view.attachments import Numbered, OnComment, attachment_words, comment_file_words, numbered, numbered_on_comments
from tui.view.choosing import Choice
from tui.view.commands.command import Place
from tui.view.completing import Completion
from tui.view.file_names import acts_when_opened, safe_name
from tui.view.gate import clean
from tui.view.spans import line
from tui.words import _, ngettext

ALL, ORIGINAL = "all", "original"
LETTERS_FOR = 9
"""So many choices are picked by one digit."""


@dataclass(frozen=True)
class InMail:
    """An attachment of a mail."""

    attachment: Attachment
    stored: StoredMessage


@dataclass(frozen=True)
class File:
    """An attachment in work: where it comes from, and what it is called here."""

    number: int
    name: str
    words: str
    content_type: str
    of: InMail | OnComment


async def open_(desk: Desk, argument: str) -> None:
    """Open an attachment in another program; of a delivery report, also go to the mail it is about."""
    here = await desk.mail.here()
    if here is None:
        return
    files, original = _files_at(desk, here), await _original_of(desk, here)
    if argument:
        file = _named(desk, files_of(here), argument)
    elif not files and original is None:
        desk.say(_("There is nothing to open here."))
        return
    else:
        missing = _("The mail it is about is not on this machine.") if original is None and _is_report(here) else ""
        picked = await _pick(desk, _("Open"), files, _("the mail it is about") if original is not None else "", ORIGINAL, detail=missing)
        if picked == ORIGINAL and original is not None:
            await go_to_message(desk, *original)
            return
        file = next((each for each in files if str(each.number) == picked), None)
    if file is not None:
        await _open(desk, file)


async def _open(desk: Desk, file: File) -> None:
    try:
        await open_named(desk, file.name, file.content_type, partial(_content, desk, file), desk.say)
    except NoOpener as error:
        desk.say(f"{clean(str(error))} " + _("{key} saves it.").format(key=desk.session.keys.shown("save")), "alarm")


async def open_named(desk: Desk, name: str, content_type: str, content_of: Callable[[], Awaitable[bytes | None]], say: Callable[[str], None]) -> None:
    """Hand a file to the program that opens it, once somebody said so where it may run something; `say` hears what came of it.

    Raises:
        MadoError: There is no such program, or its bytes cannot be had.
    """
    if acts_when_opened(name, content_type) and not await _really(desk, name):
        return
    content = await content_of()
    if content is None:
        return
    path = await asyncio.to_thread(desk.session.opened_files.put, name, content)
    on_loop = OnLoop()

    def failed(program: str, code: int) -> None:
        on_loop.soon(say, _("{program} could not open it (it ended with {code}).").format(program=clean(program), code=code))

    program = await asyncio.to_thread(open_outside, path, failed)
    say(_("{name} is open in {program}.").format(name=clean(name), program=clean(program)))


async def _really(desk: Desk, name: str) -> bool:
    title = _("{name} may run something when it is opened. Open it?").format(name=clean(name))
    choices = (Choice("no", _("no, leave it"), letter="n"), Choice("yes", _("open it all the same"), letter="y"))
    return await desk.choose(Picking(title, choices, by_letter=True)) == "yes"


async def save(desk: Desk, argument: str) -> None:
    """Save an attachment: `N`, `N PATH`, or picked."""
    here = await desk.mail.here()
    if here is None:
        return
    files = _files_at(desk, here)
    number, _blank, typed = argument.partition(" ")
    if not files:
        desk.say(_("There is no attachment here."))
        return
    if number:
        file = _named(desk, files_of(here), number)
    else:
        picked = await _pick(desk, _("Save"), files, _("all of them") if len(files) > 1 else "", ALL)
        if picked == ALL:
            await save_all(desk, "")
            return
        file = next((each for each in files if str(each.number) == picked), None)
    if file is None:
        return
    typed = typed.strip() or await ask_path(desk, _("Save as: "), str(download_folder() / file.name)) or ""
    if typed:
        path = await asyncio.to_thread(place_for, typed, file.name)
        content = await _content(desk, file)
        if content is not None and (saved := await _save(desk, path, content)) is not None:
            desk.say(_("Saved as {path}").format(path=clean(str(saved))))


async def save_all(desk: Desk, argument: str) -> None:
    """Save every attachment of the conversation into one folder; names that are there already are numbered."""
    here = await desk.mail.here()
    files = files_of(here) if here is not None else ()
    if not files:
        desk.say(_("There is no attachment here."))
        return
    typed = argument or await ask_path(desk, _("Save all into: "), str(download_folder()) + "/")
    if not typed:
        return
    folder = await asyncio.to_thread(place_for, typed.rstrip("/") + "/", "")
    saved = 0
    for file in files:
        content = await _content(desk, file)
        if content is not None:
            await asyncio.to_thread(_save_numbered, folder / file.name, content)
            saved += 1
    words = ngettext("{n} file saved into {folder}", "{n} files saved into {folder}", saved)
    desk.say(words.format(n=saved, folder=clean(str(folder))))


def _save_numbered(path: Path, content: bytes) -> None:
    while not save_file(free_path(path), content):
        continue


async def _save(desk: Desk, path: Path, content: bytes) -> Path | None:
    if await asyncio.to_thread(save_file, path, content):
        return path
    free = await asyncio.to_thread(free_path, path)
    choices = (
        Choice("number", _("save as {name}").format(name=clean(free.name)), letter="n"),
        Choice("over", _("write over it"), letter="o"),
        Choice("no", _("leave it"), letter="l"),
    )
    picked = await desk.choose(Picking(_("There is a {name} already").format(name=clean(path.name)), choices, by_letter=True))
    if picked == "number":
        return free if await asyncio.to_thread(save_file, free, content) else await _save(desk, path, content)
    if picked == "over":
        await asyncio.to_thread(lambda: save_file(path, content, overwrite=True))
        return path
    return None


# What all of them need.


def files_of(here: Here) -> tuple[File, ...]:
    """Every attachment of the conversation under its number."""
    mails = tuple(_in_mail(each, here.messages[each.message]) for each in numbered(here.messages))
    said = numbered_on_comments(here.conversation.comments, len(mails) + 1)
    # By its name only: whatever type somebody's program gave it was never asked.
    return (*mails, *(File(each.number, safe_name(each.file.name, "", each.number), comment_file_words(each.file), "", each) for each in said))


def _in_mail(each: Numbered, stored: StoredMessage) -> File:
    attachment = each.attachment
    name = safe_name(attachment.name, attachment.content_type, each.number)
    return File(each.number, name, attachment_words(attachment), attachment.content_type, InMail(attachment, stored))


def _files_at(desk: Desk, here: Here) -> tuple[File, ...]:
    """Those that are meant where one is: at a comment with files its own, else all."""
    files, at = files_of(here), desk.mail.talk.current if desk.place is Place.COMMENTS else None
    own = tuple(each for each in files if at is not None and isinstance(each.of, OnComment) and each.of.comment.id == at.id)
    return own or files


def _is_report(here: Here) -> bool:
    report = here.message.message.report if here.message is not None else None
    return report is not None and report.original_message_id is not None


async def _original_of(desk: Desk, here: Here) -> tuple[ConversationId, MessageId] | None:
    """Where the mail lies that the report one is at is about."""
    stored = here.message
    report = stored.message.report if stored is not None else None
    if stored is None or report is None or report.original_message_id is None:
        return None
    wanted, store = report.original_message_id, desk.session.store

    def work(store: LocalStore = store) -> ConversationId | None:
        return store.conversation_of(wanted, stored.inbox)

    found = await asyncio.wrap_future(store.ask(work))
    return None if found is None else (found, wanted)


async def _pick(desk: Desk, title: str, files: tuple[File, ...], more: str, more_key: str, *, detail: str = "") -> str | None:
    """The number of a file, or `more_key`; one thing alone is not asked for."""
    if len(files) == 1 and not more and not detail:
        return str(files[0].number)
    if not files:
        return more_key
    by_letter = all(each.number <= LETTERS_FOR for each in files)
    choices = [Choice(str(each.number), each.words if by_letter else f"{each.number}  {each.words}", letter=str(each.number)) for each in files]
    if more:
        choices.append(Choice(more_key, more, letter=more_key[0]))
    return await desk.choose(Picking(title, tuple(choices), by_letter=by_letter, detail=(line(detail, "notice"),) if detail else ()))


def _named(desk: Desk, files: tuple[File, ...], argument: str) -> File | None:
    number = argument.strip().strip("[]")
    found = next((each for each in files if str(each.number) == number), None)
    if found is None:
        desk.say(_("There is no attachment {number} here.").format(number=clean(argument)), "alarm")
    return found


async def _content(desk: Desk, file: File) -> bytes | None:
    of, row = file.of, desk.row
    if isinstance(of, OnComment):
        return await _content_on_comment(desk, file, of, row.id) if row is not None else None

    def fetching() -> None:
        desk.say(_("Fetching {name} from the mailbox …").format(name=clean(file.name)))

    content = await content_of(desk.session, of.stored, of.attachment, fetching)
    if content is None:
        desk.say(_("The raw source is not on this machine."), "alarm")
    return content


async def _content_on_comment(desk: Desk, file: File, of: OnComment, conversation_id: ConversationId) -> bytes | None:
    def fetching() -> None:
        desk.say(_("Fetching {name} from the server …").format(name=clean(file.name)))

    content = await comment_file_of(desk.session, conversation_id, of.comment, of.file, fetching)
    if content is None:
        desk.say(_("The desk is still looking for its server; try again in a moment."))
    return content


async def ask_path(desk: Desk, label: str, initial: str) -> str | None:
    """A path, completed by Tab."""

    def complete(text: str, _cursor: int) -> tuple[Completion, ...]:
        return tuple(Completion(each, 0, len(text), "") for each in paths_from(text))

    typed = await desk.ask_line(label, initial=initial, complete=complete)
    return typed.strip() if typed else None
