"""`mado template`: list, show and import canned responses."""

import asyncio
from pathlib import Path

import click

from mailsync.link.keys import new_key
from mailsync.link.protocol import CommandRequest, Refused
from store.domain.commands import SaveTemplate
from store.domain.ids import CommandKey, TemplateKey
from store.domain.template import Template
from store.errors import BadInput
from store.local.store import LocalStore
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.team import Team, open_team, opened_store

SUFFIXES = (".txt", ".md")


class TemplateUnreadable(BadInput):
    """A file that is no template."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be imported: {problem}", path=path, problem=problem)


@click.group()
def template() -> None:
    """Canned responses."""


def _shape(one: Template) -> dict[str, object]:
    return {"key": one.key, "name": one.name, "version": one.version, "inboxes": list(one.inboxes)}


@template.command("list", cls=Verb)
@click.pass_obj
def list_templates(invocation: Invocation) -> None:
    """List the templates that may be inserted."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for one in store.templates():
            if not one.withdrawn:
                invocation.output.row(_shape(one), f"{one.key}  {one.name}")


@template.command("show", cls=Verb)
@click.argument("key")
@click.pass_obj
def show_template(invocation: Invocation, key: str) -> int:
    """Show a template with its text."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        one = find_template(store, key)
        invocation.output.row({**_shape(one), "subject": one.subject, "body": one.body}, [f"{one.key}  {one.name}", "", *one.body.splitlines()])
    return 0


class NoSuchTemplate(BadInput):
    """No template of this name, or it was withdrawn."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no template `{key}`; `mado template list` names them", key=key)


def find_template(store: LocalStore, key: str) -> Template:
    """The newest version of a template, by key or name.

    Raises:
        NoSuchTemplate: There is none, or it was withdrawn.
    """
    for one in store.templates():
        if key in (one.key, one.name) and not one.withdrawn:
            return one
    raise NoSuchTemplate(key)


@template.command("import", cls=Verb)
@click.argument("paths", metavar="FILE|FOLDER…", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--dry-run", is_flag=True, help="Say what would be saved, and save nothing.")
@click.pass_obj
def import_templates(invocation: Invocation, paths: tuple[Path, ...], *, dry_run: bool) -> int:
    """Save text files as templates: `folder/name` is the key, a first line `Subject: …` the subject, the rest the text."""
    found = [read_template(path, root) for root in paths for path in _files(root)]
    if dry_run:
        for one in found:
            invocation.output.row(_shape(one), f"{one.key}  {one.name}")
        return 0

    async def work() -> int:
        with opened_store(invocation.home) as store:
            async with open_team(invocation.home, store, invocation.output) as team:
                return max([await _save(invocation, team, one) for one in found], default=0)

    return asyncio.run(work())


async def _save(invocation: Invocation, team: Team, one: Template) -> int:
    answer = await team.client.command(CommandRequest(CommandKey(new_key(team.clock)), SaveTemplate(one), team.mirror.epoch))
    if isinstance(answer, Refused):
        return invocation.output.refused(answer.refusal, key=one.key)
    await team.mirror.apply_answer(answer)
    saved = next((known for known in team.store.templates() if known.key == one.key), one)
    invocation.output.row(_shape(saved), f"{saved.key}  {saved.name}")
    return 0


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES) if root.is_dir() else [root]


def read_template(path: Path, root: Path) -> Template:
    """A template from a text file in UTF-8.

    Raises:
        TemplateUnreadable: It is not UTF-8, or empty.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateUnreadable(path, "it is not readable text in UTF-8") from error
    subject: str | None = None
    if text.startswith("Subject:"):
        head, _, text = text.partition("\n")
        subject = head.removeprefix("Subject:").strip() or None
    if not text.strip():
        raise TemplateUnreadable(path, "it is empty")
    name = path.relative_to(root).with_suffix("") if root.is_dir() else Path(path.stem)
    return Template(TemplateKey(name.as_posix()), name.name, text.strip("\n") + "\n", subject)
