"""Files that go along: added by path, from a list of the folder, by being dragged here or out of the conversation; and taken off again."""

import asyncio
from pathlib import Path

import msgspec

from store.domain.draft import Carried, Draft
from tui.files_along import completed, files_along, folder_of, in_folder, paths_in
from tui.screens.asking import answer_of
from tui.screens.composer_asking import line_typed
from tui.screens.composer_port import Writer
from tui.screens.picker import Picker, Picking
from tui.screens.program import program_of
from tui.view.along import Along, offered_hint
from tui.view.attachments import attachment_words, numbered
from tui.view.choosing import Choice
from tui.view.completing import Completion
from tui.view.gate import clean
from tui.view.system_words import system_words
from tui.widgets.prompt import Question
from tui.words import _

UP = ".."
LETTERS_FOR = 9


async def attach(writer: Writer) -> None:
    """By a path that is completed; `^O` once more lists the folder; a number means a received file."""
    browse = False

    def look_around() -> None:
        nonlocal browse
        browse = True

    def complete(text: str, _cursor: int) -> tuple[Completion, ...]:
        return tuple(Completion(each, 0, len(text), "") for each in completed(text))

    label = _("Attach (path or file number; ^O lists): ")
    typed = (await line_typed(writer, Question(label, initial="~/", complete=complete, asides={"ctrl+o": look_around})) or "").strip()
    number = typed.strip("[]")
    received = _received(writer)
    if browse:
        program_of(writer.screen).hold_keys()
        await _from_folder(writer, await asyncio.to_thread(folder_of, typed[: typed.rfind("/") + 1]))
    elif number.isdigit() and int(number) <= len(received):
        carry(writer, received[int(number) - 1])
    elif typed:
        path = await asyncio.to_thread(folder_of, typed)
        if await asyncio.to_thread(path.is_dir):
            await _from_folder(writer, path)
        else:
            await _add(writer, (str(path),))


async def _from_folder(writer: Writer, folder: Path) -> None:
    while True:
        try:
            entries = await asyncio.to_thread(in_folder, folder)
        except OSError as error:
            writer.say(_("{path} cannot be read: {why}").format(path=clean(str(folder)), why=system_words(error.strerror or str(error))), "alarm")
            return
        choices = (
            Choice(UP, UP + "/", _("folder")),
            *(Choice(name, name + ("/" if is_folder else ""), offered_hint(name, is_folder=is_folder)) for is_folder, name in entries),
        )
        shown = tuple(_safe(choice) for choice in choices)
        picked = await answer_of(writer.screen, Picker(Picking(clean(str(folder)), shown)))
        if picked is None:
            return
        path = folder.parent if picked == UP else folder / picked
        if not await asyncio.to_thread(path.is_dir):
            await _add(writer, (str(path),))
            return
        folder = path


def _safe(choice: Choice) -> Choice:
    """The choice with a label that is safe to show."""
    return Choice(choice.key, clean(choice.label), choice.hint, choice.letter)


async def pasted(writer: Writer, text: str) -> None:
    """What was pasted names files that are there: attach them, or was it text?"""
    paths = await asyncio.to_thread(paths_in, text)
    if not paths:
        return
    names = ", ".join(clean(Path(path).name) for path in paths)
    choices = (Choice("attach", _("attach"), letter="a"), Choice("text", _("leave it as text"), letter="t"))
    title = _("Attach {names}?").format(names=names)
    if await answer_of(writer.screen, Picker(Picking(title, choices, by_letter=True))) == "attach":
        writer.body.take_back(text)
        await _add(writer, paths)


async def _add(writer: Writer, paths: tuple[str, ...]) -> None:
    looked = await asyncio.to_thread(files_along, paths)
    missing = next((path for path, file in zip(paths, looked, strict=True) if file.size_bytes is None), None)
    if missing is not None:
        writer.say(_("{path} is no file that can be read here.").format(path=clean(missing)), "alarm")
        return
    draft = writer.composing.draft
    writer.composing.change(msgspec.structs.replace(draft, attachments=tuple(dict.fromkeys((*draft.attachments, *paths)))))


# Out of the conversation.


def _received(writer: Writer) -> tuple[Carried, ...]:
    messages = writer.composing.opened.messages
    return tuple(
        Carried(
            messages[each.message].message_id, each.attachment.part, each.attachment.name, each.attachment.content_type, each.attachment.size_bytes
        )
        for each in numbered(messages)
    )


def carry(writer: Writer, received: Carried) -> None:
    """A received file goes along; its bytes are fetched when the mail is."""
    draft = writer.composing.draft
    if received not in draft.carried:
        writer.composing.change(msgspec.structs.replace(draft, carried=(*draft.carried, received)))


async def attach_received(writer: Writer) -> None:
    """One of the conversation's own files goes along."""
    found = numbered(writer.composing.opened.messages)
    if not found:
        writer.say(_("There is no attachment here."))
        return
    choices = tuple(Choice(str(each.number), f"{each.number}  {attachment_words(each.attachment)}") for each in found)
    picked = await answer_of(writer.screen, Picker(Picking(_("Attach what came with a mail"), choices)))
    if picked is not None:
        carry(writer, _received(writer)[int(picked) - 1])


# Taking off, and what is shown.


async def detach(writer: Writer) -> None:
    """One of them stays here after all."""
    draft = writer.composing.draft
    files = await along(draft)
    if not files:
        writer.say(_("Nothing is attached."))
        return
    picked: str | None = "0"
    if len(files) > 1:
        choices = tuple(Choice(str(index), f"[{index + 1}] {clean(file.name)}", letter=str(index + 1)) for index, file in enumerate(files))
        picked = await answer_of(writer.screen, Picker(Picking(_("Take off"), choices, by_letter=len(files) <= LETTERS_FOR)))
    if picked is not None:
        writer.composing.change(without(draft, int(picked)))
        writer.say(_("{name} does not go along any more.").format(name=clean(files[int(picked)].name)))


def without(draft: Draft, index: int) -> Draft:
    """The draft without the file at this place of the list: own ones stand before received ones."""
    own = len(draft.attachments)
    attachments = tuple(each for at, each in enumerate(draft.attachments) if at != index)
    carried = tuple(each for at, each in enumerate(draft.carried) if at + own != index)
    return msgspec.structs.replace(draft, attachments=attachments, carried=carried)


async def along(draft: Draft) -> tuple[Along, ...]:
    """What goes along, as it is now."""
    own = await asyncio.to_thread(files_along, draft.attachments)
    return (*own, *(Along(each.name, each.content_type, each.size_bytes, received=True) for each in draft.carried))
