"""`mado view`: the views one can choose from, and the member's own and the team's as they are kept."""

import click

from store.domain.commands import RetireView, SaveView
from store.domain.query import parse_query
from store.domain.saved_view import Grouping, SavedView, Sort
from store.domain.team_facts import names_of_statuses
from store.domain.team_views import problem_of, tidied
from store.errors import BadInput
from store.local.store import LocalStore
from store.settings.kept import Kept
from tui.cli.agreed import give
from tui.cli.hit_shapes import Shape
from tui.cli.invocation import Invocation, Verb, VerbGroup
from tui.cli.level import catch_up_briefly
from tui.cli.team import opened_store
from tui.cli.views_here import ViewUnknown, known_view, known_views
from tui.view.gate import clean
from tui.view.query_words import number_words, query_error_words
from tui.view.viewing import Listed, listed_views, problem_with_query, view_named

COUNTED = 1_000
"""Above so many, `show` only says that there are more."""


class ViewUnusable(BadInput):
    """It cannot be kept as it is."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"the view {name} cannot be kept: {problem}", name=name, problem=problem)


def view_shape(one: Listed, problem: str | None) -> Shape:
    """A line of `mado view list`."""
    view = one.view
    return {
        "name": view.name,
        "words": one.words,
        "whose": str(one.whose),
        "query": view.query,
        "key": view.key or None,
        "sort": str(view.sort),
        "group": str(view.group),
        "columns": list(view.columns),
        "problem": problem,
    }


def view_line(one: Listed, problem: str | None) -> str:
    """The same for people."""
    view = one.view
    key = f"g{view.key}" if view.key else ""
    sort = "" if view.sort is Sort.NEWEST else f"  sort={view.sort}"
    group = "" if view.group is Grouping.NONE else f"  group={view.group}"
    return f"{one.whose:<9} {key:<3} {one.words}  {clean(view.query)}{sort}{group}" + (f"  !! {problem}" if problem else "")


@click.group(cls=VerbGroup)
@click.pass_context
def view(context: click.Context) -> None:
    """List the views: built-in ones, the team's, your own."""
    if context.invoked_subcommand is None:
        _list(context.obj)


@view.command("list", cls=Verb)
@click.pass_obj
def list_views(invocation: Invocation) -> None:
    """List the views: built-in ones, the team's, your own."""
    _list(invocation)


def _list(invocation: Invocation) -> None:
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for one in known_views(invocation.home, store):
            problem = _problem(one, store)
            invocation.output.row(view_shape(one, problem), view_line(one, problem))


def _problem(one: Listed, store: LocalStore) -> str | None:
    error = problem_with_query(one.view, names_of_statuses(store.team()))
    return None if error is None else query_error_words(error)


@view.command("show", cls=Verb)
@click.argument("name")
@click.pass_obj
def show_view(invocation: Invocation, name: str) -> None:
    """Show what a view is, and how many conversations it has."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        one = known_view(invocation.home, store, name)
        problem = _problem(one, store)
        count = None
        if problem is None:
            query = parse_query(one.view.query, me=store.me(), own_statuses=names_of_statuses(store.team()))
            count = store.count(query, most=COUNTED)
        said = view_line(one, problem) + ("" if count is None else f"  {number_words(count)}")
        invocation.output.row({**view_shape(one, problem), "count": count, "most": COUNTED}, said)


@view.command("save", cls=Verb)
@click.argument("name")
@click.argument("query", nargs=-1)
@click.option("--shared", is_flag=True, help="For everybody in the team (leaders).")
@click.option("--key", default="", metavar="LETTER", help="g and this letter show it.")
@click.option("--sort", type=click.Choice([str(one) for one in Sort]), default=str(Sort.NEWEST), show_default=True)
@click.option("--group", type=click.Choice([str(one) for one in Grouping]), default=str(Grouping.NONE), show_default=True)
@click.option("--columns", default="", metavar="COLUMN,…", help="Show these columns alone, beside the mark and the subject.")
@click.option("--dry-run", is_flag=True, help="Only say what would be kept.")
@click.pass_obj
def save_view(
    invocation: Invocation, /, *, name: str, query: tuple[str, ...], key: str, sort: str, group: str, columns: str, shared: bool, dry_run: bool
) -> int:
    """Keep a QUERY under a name, or change what is kept."""
    chosen = tuple(column.strip() for column in columns.split(",") if column.strip())
    wanted = tidied(SavedView(name, " ".join(query), key, Sort(sort), Grouping(group), chosen))
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        if (problem := problem_of(wanted)) is not None:
            raise ViewUnusable(name, problem)
        parse_query(wanted.query, me=store.me(), own_statuses=names_of_statuses(store.team()))
    if dry_run:
        return _told(invocation, wanted, shared=shared)
    if shared:
        return give(invocation, SaveView(wanted), wanted.name) or _told(invocation, wanted, shared=True)
    Kept(invocation.home).save_view(wanted)
    return _told(invocation, wanted, shared=False)


def _told(invocation: Invocation, view: SavedView, *, shared: bool) -> int:
    (one,) = listed_views((view,), ())[-1:] if shared else listed_views((), (view,))[-1:]
    invocation.output.row(view_shape(one, None), view_line(one, None))
    return 0


@view.command("remove", cls=Verb)
@click.argument("name")
@click.option("--shared", is_flag=True, help="The team's view of that name (leaders).")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.pass_obj
def remove_view(invocation: Invocation, name: str, *, shared: bool, dry_run: bool) -> int:
    """Keep a view no more; its conversations stay what they are."""
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        kept = store.team().living_views() if shared else Kept(invocation.home).views()
        one = view_named(listed_views(kept, ()) if shared else listed_views((), kept), name)
    if one is None or one.view not in kept:
        raise ViewUnknown(name)
    invocation.output.row(view_shape(one, None), view_line(one, None))
    if dry_run:
        return 0
    if shared:
        return give(invocation, RetireView(one.view.name), one.view.name)
    Kept(invocation.home).drop_view(one.view.name)
    return 0
