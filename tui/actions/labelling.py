"""Where a conversation belongs: tags and folder."""

import asyncio

from store.domain.commands import ChangeTags, MoveToFolder
from store.domain.labels import folder_of, tag_of, tags_of
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.words import _

OUT = "-"
"""What stands for no folder."""


async def tag(desk: Desk, argument: str) -> None:
    """Put tags on and take tags off: `:tag vip -返品`; picked, one that is on goes off."""
    row = desk.row
    if row is None:
        return
    words = [word for word in argument.replace("，", ",").replace("、", ",").replace(",", " ").split() if word]
    if not words:
        picked = await _pick_tag(desk, row.tags)
        if picked is None:
            return
        words = [f"-{picked}" if picked in row.tags else picked]
    on, off = tags_of(word for word in words if not word.startswith("-")), tags_of(word[1:] for word in words if word.startswith("-"))
    if on is None or off is None:
        desk.say(_no_tag(), "alarm")
        return
    said = _("Tags: {tags} ({undo} takes it back)").format(
        undo=desk.session.undo_key, tags=clean(" ".join((*(f"+{one}" for one in on), *(f"-{one}" for one in off))))
    )
    await carry_out(desk, ChangeTags(conversation_id=row.id, add=on, remove=off), said=said)


def _no_label() -> str:
    return _("There is none yet: type a new one.")


def _no_tag() -> str:
    return _("That can be no tag: letters and digits, no blanks, quotes or brackets.")


def _no_folder() -> str:
    return _("That can be no folder: levels with / between them, no quotes or brackets.")


async def _pick_tag(desk: Desk, there: tuple[str, ...]) -> str | None:
    known = await asyncio.wrap_future(desk.session.store.ask(desk.session.store.labels.tags))
    on = tuple(Choice(one, f"✓ #{clean(one)}", _("takes it off")) for one in there)
    others = tuple(Choice(one, f"  #{clean(one)}") for one in known if one not in there)

    def typed(text: str) -> Choice | None:
        new = tag_of(text)
        return Choice(new, f"  #{clean(new)}", _("new")) if new is not None and new not in (*there, *known) else None

    return await desk.choose(Picking(_("Tag (one that is on goes off)"), on + others, making=typed, first=_no_label(), unfit=_no_tag()))


async def folder(desk: Desk, argument: str) -> None:
    """Put it into a folder, picked or named; `-` takes it out."""
    row = desk.row
    if row is None:
        return
    wanted = argument.strip() or await _pick_folder(desk, row.folder)
    if not wanted:
        return
    meant = "" if wanted == OUT else folder_of(wanted)
    if meant is None:
        desk.say(_no_folder(), "alarm")
        return
    said = (
        _("In the folder {folder} ({undo} takes it back)").format(undo=desk.session.undo_key, folder=clean(meant))
        if meant
        else _("In no folder ({undo} takes it back)").format(undo=desk.session.undo_key)
    )
    await carry_out(desk, MoveToFolder(conversation_id=row.id, folder=meant), said=said)


async def _pick_folder(desk: Desk, now_in: str) -> str | None:
    known = await asyncio.wrap_future(desk.session.store.ask(desk.session.store.labels.folders))
    out = (Choice(OUT, _("out of {folder}").format(folder=clean(now_in))),) if now_in else ()
    others = tuple(Choice(one, clean(one)) for one in known if one != now_in)

    def typed(text: str) -> Choice | None:
        new = folder_of(text)
        return Choice(new, clean(new), _("new")) if new and new not in (now_in, *known) else None

    return await desk.choose(Picking(_("Folder"), others + out, making=typed, first=_no_label(), unfit=_no_folder()))
