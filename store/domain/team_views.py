"""The rules about the views that a team shares, and of which shape any view is."""

from unicodedata import category as letter_category

from msgspec.structs import replace

from store.domain.context import Context
from store.domain.events import TeamEvent, ViewSaved
from store.domain.query import QueryError, parse_query
from store.domain.refusals import Malformed, NameTaken, Refusal, UnknownView
from store.domain.saved_view import BUILT_IN, CHOOSABLE, RESERVED_LETTERS, SavedView, name_key
from store.domain.team_facts import names_of_statuses

LONGEST_NAME = 40
MOST_VIEWS = 200


def save_view(view: SavedView, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Make one, or change it. A retired one is back when it is saved."""
    wanted = tidied(view)
    if (problem := problem_of(wanted)) is not None:
        return Malformed(problem)
    try:
        parse_query(wanted.query, own_statuses=names_of_statuses(context.team))
    except QueryError as error:
        return Malformed(str(error))
    if wanted.id in {one.id for one in BUILT_IN}:
        return NameTaken("name", wanted.name)
    living = context.team.living_views()
    if (other := next((one for one in living if wanted.key and one.key == wanted.key and one.id != wanted.id), None)) is not None:
        return NameTaken("key", other.name)
    if len(living) >= MOST_VIEWS and all(one.id != wanted.id for one in living):
        return Malformed(f"the team has {MOST_VIEWS} views already")
    return () if wanted == context.team.views.get(wanted.id) else (ViewSaved(wanted),)


def retire_view(name: str, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """Nobody has it any more."""
    old = context.team.views.get(name_key(name))
    if old is None:
        return UnknownView(name)
    return () if old.retired else (ViewSaved(replace(old, retired=True)),)


def tidied(view: SavedView) -> SavedView:
    """The same without what only looks different."""
    columns = tuple(one for one in CHOOSABLE if one in view.columns) if set(view.columns) <= set(CHOOSABLE) else view.columns
    return replace(view, name=" ".join(view.name.split()), query=view.query.strip(), key=view.key.strip(), columns=columns, retired=False)


def problem_of(view: SavedView) -> str | None:
    """Why this can be no view, whoever keeps it; its query is another matter."""
    if not 0 < len(view.name) <= LONGEST_NAME or not all(_shown(letter) or letter == " " for letter in view.name):
        return f"a view needs a name of at most {LONGEST_NAME} letters"
    if any(not (_shown(letter) or letter.isspace()) for letter in view.query):
        return "a view's query is one line of text"
    if view.key and (len(view.key) != 1 or not view.key.isascii() or not view.key.isalnum()):
        return "a view's key is one letter or digit"
    if view.key in RESERVED_LETTERS:
        return f"`g{view.key}` means something already"
    if not set(view.columns) <= set(CHOOSABLE):
        return f"a view's columns are of {', '.join(CHOOSABLE)}"
    return None


def _shown(letter: str) -> bool:
    return letter_category(letter)[0] not in "CZ"
