"""`mado template`: the team's canned responses for scripts: list, show, what became of one, withdraw, rename, move."""

import asyncio
from collections.abc import Callable

import click
from msgspec.structs import replace

from store.domain.commands import SaveTemplate, WithdrawTemplate
from store.domain.ids import GroupKey, InboxKey
from store.domain.template import Template, TemplateVersion, folder_of
from store.errors import BadInput
from store.local.store import LocalStore
from tui.cli.agreed import give
from tui.cli.invocation import Invocation, Verb
from tui.cli.level import catch_up_briefly
from tui.cli.shapes import utc
from tui.cli.team import open_team, opened_store
from tui.cli.template_files import diff_templates, export_templates, import_templates
from tui.words import _


@click.group()
def template() -> None:
    """Canned responses."""


for _verb in (export_templates, import_templates, diff_templates):
    template.add_command(_verb)


def shape(one: Template, uses: int = 0) -> dict[str, object]:
    """A line of `mado template list`."""
    return {
        "key": one.key,
        "name": one.name,
        "folder": list(folder_of(one)),
        "version": one.version,
        "inboxes": list(one.inboxes),
        "groups": list(one.groups),
        "person": one.person,
        "hot_key": one.hot_key or None,
        "withdrawn": one.withdrawn,
        "uses": uses,
    }


@template.command("list", cls=Verb)
@click.option("--folder", default="", help="Only those in this folder and its own folders.")
@click.option("--withdrawn", is_flag=True, help="Those that were withdrawn, too.")
@click.option("--by-use", is_flag=True, help="The most used first.")
@click.pass_obj
def list_templates(invocation: Invocation, *, folder: str, withdrawn: bool, by_use: bool) -> None:
    """List the templates that may be inserted, and how often each was used."""
    wanted = tuple(part for part in folder.split("/") if part)
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        uses: dict[str, int] = {}
        for used in store.template_uses():
            uses[used.key] = uses.get(used.key, 0) + used.n
        shown = [one for one in store.templates() if one.name and (withdrawn or not one.withdrawn) and folder_of(one)[: len(wanted)] == wanted]
        for one in sorted(shown, key=lambda one: -uses.get(one.key, 0)) if by_use else shown:
            marks = [one.hot_key and f"[{one.hot_key}]", f"×{uses[one.key]}" if one.key in uses else "", _("withdrawn") if one.withdrawn else ""]
            line = "  ".join(filter(None, (one.key, "/".join((*folder_of(one), one.name)), *marks)))
            invocation.output.row(shape(one, uses.get(one.key, 0)), line)


@template.command("show", cls=Verb)
@click.argument("key")
@click.option("--version", type=click.IntRange(min=1), help="As it was then (default: the newest).")
@click.pass_obj
def show_template(invocation: Invocation, key: str, version: int | None) -> int:
    """Show a template with its text."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        one = find_template(store, key) if version is None else _version(_history(invocation, store, key), key, version)
        facts = {**shape(one), "subject": one.subject, "body": one.body}
        invocation.output.row(facts, [f"{one.key}  {one.name}", "", *one.body.splitlines()])
    return 0


@template.command("history", cls=Verb)
@click.argument("key")
@click.pass_obj
def show_history(invocation: Invocation, key: str) -> int:
    """List every version of a template: when, by whom."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for one in _history(invocation, store, key):
            facts = {**shape(one.template), "at": utc(one.at), "by": one.by, "body": one.template.body}
            mark = _("withdrawn") if one.template.withdrawn else ""
            invocation.output.row(
                facts, f"{one.template.version:>4}  {one.at.astimezone():%Y-%m-%d %H:%M}  {one.by}  {one.template.name}  {mark}".rstrip()
            )
    return 0


def _history(invocation: Invocation, store: LocalStore, key: str) -> list[TemplateVersion]:
    meant = find_template(store, key, withdrawn=True).key

    async def work() -> list[TemplateVersion]:
        async with open_team(invocation.home, store, invocation.output) as team:
            return await team.client.template_versions(meant)

    return asyncio.run(work())


def _version(versions: list[TemplateVersion], key: str, version: int) -> Template:
    for one in versions:
        if one.template.version == version:
            return one.template
    raise NoSuchTemplate(f"{key} ({version})")


class NoSuchTemplate(BadInput):
    """No template of this name, or it was withdrawn."""

    def __init__(self, key: str) -> None:
        super().__init__(f"there is no template `{key}`; `mado template list` names them", key=key)


def find_template(store: LocalStore, key: str, *, withdrawn: bool = False) -> Template:
    """The newest version of a template, by key or name; `withdrawn`: also where nobody may use it any more.

    Raises:
        NoSuchTemplate: There is none, or it was withdrawn.
    """
    for one in sorted(store.templates(), key=lambda one: one.withdrawn):
        if key in (one.key, one.name) and (withdrawn or not one.withdrawn):
            return one
    raise NoSuchTemplate(key)


@template.command("withdraw", cls=Verb)
@click.argument("key")
@click.pass_obj
def withdraw(invocation: Invocation, key: str) -> int:
    """Let nobody insert or send it any more."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        one = find_template(store, key, withdrawn=True)
    return give(invocation, WithdrawTemplate(one.key), one.key)


@template.command("restore", cls=Verb)
@click.argument("key")
@click.option("--version", type=click.IntRange(min=1), help="Which version becomes the newest (default: the last).")
@click.pass_obj
def restore(invocation: Invocation, key: str, version: int | None) -> int:
    """Put a withdrawn template, or an older version, back as the newest."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        now = find_template(store, key, withdrawn=True)
        wanted = now if version is None else _version(_history(invocation, store, key), key, version)
    return give(invocation, SaveTemplate(wanted, now.version), now.key)


def _change(invocation: Invocation, key: str, changed: Callable[[Template], Template]) -> int:
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        one = find_template(store, key)
    return give(invocation, SaveTemplate(changed(one), one.version), one.key)


@template.command("rename", cls=Verb)
@click.argument("key")
@click.argument("name")
@click.pass_obj
def rename(invocation: Invocation, key: str, name: str) -> int:
    """Give it another name; its key stays."""
    return _change(invocation, key, lambda one: replace(one, name=name))


@template.command("move", cls=Verb)
@click.argument("key")
@click.argument("folder")
@click.pass_obj
def move(invocation: Invocation, key: str, folder: str) -> int:
    """Put it into another folder, `a/b` or `/`; its key stays."""
    parts = tuple(part.strip() for part in folder.split("/") if part.strip())
    return _change(invocation, key, lambda one: replace(one, folder=parts))


@template.command("set", cls=Verb)
@click.argument("key")
@click.option("--hot-key", help="The short code that inserts it; empty: none.")
@click.option("--inbox", "inboxes", multiple=True, help="Only in replies from this inbox; may be repeated, and empty: everywhere.")
@click.option("--group", "groups", multiple=True, help="Only for members of this group; may be repeated, and empty: for everybody.")
@click.pass_obj
def set_template(invocation: Invocation, key: str, hot_key: str | None, inboxes: tuple[str, ...], groups: tuple[str, ...]) -> int:
    """Say by which short code, where and by whom it is inserted."""

    def changed(one: Template) -> Template:
        if hot_key is not None:
            one = replace(one, hot_key=hot_key)
        if inboxes:
            one = replace(one, inboxes=tuple(InboxKey(each) for each in inboxes if each))
        return replace(one, groups=tuple(GroupKey(each) for each in groups if each)) if groups else one

    return _change(invocation, key, changed)
