"""Templates as files: reading and writing their folder, and the verbs `mado template export`, `import` and `diff`."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path, PurePosixPath

import click
from msgspec.structs import replace

from mailsync.link.keys import new_key
from mailsync.link.protocol import CommandRequest, Refused
from store.domain.commands import SaveTemplate
from store.domain.ids import CommandKey, MemberKey, TemplateKey
from store.domain.template import Template, own_key
from store.errors import BadInput
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.team import Team, open_team, opened_store
from tui.cli.template_plan import (
    BEHIND,
    CONFLICT,
    INDEX,
    REMOVE,
    SAVE,
    WRITE,
    Files,
    Known,
    Step,
    index_text,
    plan_export,
    plan_import,
    read_index,
    texts,
)
from tui.cli.template_text import SUFFIXES, Unreadable, digest_of, parse, render
from tui.words import _


class TemplateUnreadable(BadInput):
    """A file that is no template."""

    def __init__(self, path: Path, problem: str, line: int = 1) -> None:
        super().__init__(f"{path}:{line}: it cannot be imported: {problem}", path=path, problem=problem)


@dataclass(frozen=True)
class Folder:
    """The folder of all templates, and what was known when files and server were last brought together."""

    root: Path
    index: dict[TemplateKey, Known]


def folder_with(path: Path) -> Folder:
    """The folder whose index counts for `path`: the next one above that has one, else `path` itself, or the folder it is in."""
    here = path.parent if path.is_file() else path
    root = next((each for each in (here, *here.absolute().parents) if (each / INDEX).is_file()), here)
    index = root / INDEX
    return Folder(root, read_index(index.read_text("utf-8", errors="replace")) if index.is_file() else {})


def read_template(path: Path, root: Path) -> Template:
    """A template from a text file in UTF-8.

    Raises:
        TemplateUnreadable: It is not UTF-8, empty, or has a header nobody knows.
    """
    raw = _bytes(path)
    try:
        return parse(raw.decode(), PurePosixPath(path.absolute().relative_to(root.absolute()).as_posix()))
    except UnicodeDecodeError as error:
        raise TemplateUnreadable(path, "it is not readable text in UTF-8", raw[: error.start].count(b"\n") + 1) from error
    except Unreadable as error:
        raise TemplateUnreadable(path, error.problem, error.line) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TemplateUnreadable(path, error.strerror or type(error).__name__) from error


def read_files(paths: Iterable[Path], root: Path) -> dict[TemplateKey, tuple[PurePosixPath, Template]]:
    """Every template below these paths.

    Raises:
        TemplateUnreadable: One cannot be read, or two say that they are the same template.
    """
    found: dict[TemplateKey, tuple[PurePosixPath, Template]] = {}
    for path in sorted({each for given in paths for each in _below(given)}):
        template = read_template(path, root)
        place = PurePosixPath(path.absolute().relative_to(root.absolute()).as_posix())
        if template.key in found:
            raise TemplateUnreadable(path, f"{found[template.key][0]} is the template `{template.key}` already")
        found[template.key] = (place, template)
    return found


def _below(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return [each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file() and not each.name.startswith(".")]


def write_whole(path: Path, text: str) -> None:
    """The file is the old one or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(text.encode())
    beside.replace(path)


def kept_by(store: LocalStore, *, mine: bool) -> dict[TemplateKey, Template]:
    """The team's templates, or one's own, by the keys that their files have."""
    me = store.me() or MemberKey("")
    prefix = own_key(me, "") if mine else ""
    kept = (one for one in store.templates() if one.person == (me if mine else None) and one.name)
    return {TemplateKey(one.key.removeprefix(prefix)): replace(one, key=TemplateKey(one.key.removeprefix(prefix))) for one in kept}


@click.command("export", cls=Verb)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@click.option("--mine", is_flag=True, help="My own templates instead of the team's.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Overwrite files that were changed here.")
@click.pass_obj
def export_templates(invocation: Invocation, folder: Path, *, mine: bool, dry_run: bool, force: bool) -> int:
    """Write every template as a text file into folders; files that say the same already are left as they are."""
    here = folder_with(folder)
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        templates = kept_by(store, mine=mine)
    files = read_files([here.root], here.root) if here.root.is_dir() else {}
    steps = plan_export(files, here.index, templates.values(), force=force)
    if not dry_run:
        for step in steps:
            _write(here.root, step)
        _write_index(here, steps)
    return max([_tell(invocation, step, dry_run=dry_run) for step in steps], default=0)


def _write(root: Path, step: Step) -> None:
    if step.done == WRITE and step.now is not None:
        write_whole(root / step.path, render(step.now, step.path))
    if step.gone is not None:
        (root / step.gone).unlink(missing_ok=True)


def _write_index(here: Folder, steps: Iterable[Step]) -> None:
    for step in steps:
        if step.done == REMOVE:
            here.index.pop(next(key for key, known in here.index.items() if known.path == step.path), None)
        elif step.done not in {CONFLICT, BEHIND} and step.now is not None:
            here.index[step.now.key] = Known(step.now.version, digest_of(step.now), step.path)
    write_whole(here.root / INDEX, index_text(here.index))


@click.command("import", cls=Verb)
@click.argument("paths", metavar="FILE|FOLDER…", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--mine", is_flag=True, help="As my own templates, which nobody else sees.")
@click.option("--dry-run", is_flag=True, help="Say what would be saved, and save nothing.")
@click.option("--force", is_flag=True, help="Save over what a colleague has changed since.")
@click.pass_obj
def import_templates(invocation: Invocation, paths: tuple[Path, ...], *, mine: bool, dry_run: bool, force: bool) -> int:
    """Save text files as templates: `folder/name` is the key, header lines (Subject: …) and an empty line may stand above the text."""
    read = [(folder_with(path), path) for path in paths]
    found = [(here, read_files([path], here.root)) for here, path in read]

    async def work() -> int:
        codes = []
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                for here, files in found:
                    steps = plan_import(files, here.index, kept_by(store, mine=mine), force=force)
                    codes += [await _save(invocation, team, here, step, mine=mine, dry_run=dry_run) for step in steps]
        return max(codes, default=0)

    if dry_run:
        with opened_store(invocation.home) as store:
            catch_up_briefly(invocation.home, store, invocation.output)
            every = [step for here, files in found for step in plan_import(files, here.index, kept_by(store, mine=mine), force=force)]
        return max([_tell(invocation, step, dry_run=True) for step in every], default=0)
    return asyncio.run(work())


async def _save(invocation: Invocation, team: Team, here: Folder, step: Step, *, mine: bool, dry_run: bool) -> int:
    if step.done != SAVE or step.file is None:
        if step.now is not None and step.done not in {BEHIND, CONFLICT} and (here.root / INDEX).is_file():
            _write_index(here, [step])
        return _tell(invocation, step, dry_run=dry_run)
    wanted = step.file
    if mine:
        wanted = replace(wanted, key=own_key(team.me.key, wanted.key), person=team.me.key)
    over = step.now.version if step.now is not None else 0
    answer = await team.client.command(CommandRequest(CommandKey(new_key(team.clock)), SaveTemplate(wanted, over), team.mirror.epoch))
    if isinstance(answer, Refused):
        return invocation.output.refused(answer.refusal, key=step.file.key)
    await team.mirror.apply_answers([answer])
    saved = kept_by(team.store, mine=mine).get(step.file.key, step.file)
    done = Step(SAVE, step.path, saved, saved)
    if (here.root / INDEX).is_file():
        _write_index(here, [done])
    return _tell(invocation, done, dry_run=False)


@click.command("diff", cls=Verb)
@click.argument("folder", metavar="FOLDER|FILE", type=click.Path(path_type=Path, exists=True))
@click.option("--mine", is_flag=True, help="My own templates instead of the team's.")
@click.pass_obj
def diff_templates(invocation: Invocation, folder: Path, *, mine: bool) -> int:
    """Show how the files differ from what the server has."""
    here = folder_with(folder)
    files: Files = read_files([folder], here.root)
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        server: Mapping[TemplateKey, Template] = kept_by(store, mine=mine)
    for step in plan_import(files, here.index, server):
        if changed := _difference(step):
            invocation.output.row(_shape(step) | {"diff": changed}, changed)
    for key, one in sorted(server.items()):
        if folder.is_dir() and key not in files and not one.withdrawn:
            facts = {"key": key, "version": one.version, "file": None, "done": "missing"}
            invocation.output.row(facts, _("only at the server: {key}").format(key=key))
    return 0


def _difference(step: Step) -> list[str]:
    now, file = texts(step)
    name = f"server ({step.now.version})" if step.now is not None else "server (-)"
    return [each.rstrip("\n") for each in unified_diff(now.splitlines(), file.splitlines(), name, str(step.path), lineterm="")]


def _shape(step: Step) -> dict[str, object]:
    one = step.now or step.file
    assert one is not None
    return {"key": one.key, "name": one.name, "version": step.now.version if step.now else 0, "file": str(step.path), "done": step.done}


def _tell(invocation: Invocation, step: Step, *, dry_run: bool) -> int:
    words = {
        SAVE: _("saved"),
        WRITE: _("written"),
        REMOVE: _("removed"),
        BEHIND: _("older than at the server; export brings the newest"),
        CONFLICT: _("changed on both sides; --force overwrites"),
    }.get(step.done, _("no change"))
    would = " " + _("(not done: --dry-run)") if dry_run and step.done in {SAVE, WRITE, REMOVE} else ""
    if step.done == CONFLICT:
        for each in _difference(step):
            invocation.output.message(each)
        return invocation.output.stopped({"refused": "TemplateConflict", **_shape(step)}, f"{step.path}: {words}")
    invocation.output.row(_shape(step) | ({"dry_run": True} if dry_run else {}), f"{step.path}: {words}{would}")
    return 0
