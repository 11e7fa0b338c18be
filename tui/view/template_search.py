"""Finding one of thousands of templates while typing: by name, key, folder, hot key and text, the customer's language first. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from store.domain.checks.language import language_of
from store.domain.ids import TemplateKey
from store.domain.merge_fields import FIELD
from store.domain.template import Template, folder_of
from tui.view.choosing import folded

LETTERS_READ = 300
"""Of a template's text, to tell its language; more would be felt with thousands of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A template as it is looked for. `words` is all of it, folded once: at a key nothing is folded but what was typed."""

    template: Template
    folder: tuple[str, ...]
    name: str
    place: str
    words: str
    uses: int
    language: str
    """What it is written in; "" where that cannot be told."""


class Shelf:
    """Templates as they are looked for, again and again: what was folded once is not folded again until there is another version of it."""

    def __init__(self) -> None:
        self._known: dict[TemplateKey, Entry] = {}

    def entries(self, templates: Iterable[Template], uses: Mapping[str, int], language: str = "") -> tuple[Entry, ...]:
        """In the order in which they are offered: those not in another language than the customer's, the most used first, then by folder and name."""
        made = [self._entry(template, uses.get(template.key, 0)) for template in templates]
        return tuple(sorted(made, key=lambda entry: (_is_foreign(entry, language), -entry.uses, entry.place, entry.name)))

    def _entry(self, template: Template, uses: int) -> Entry:
        known = self._known.get(template.key)
        if known is None or known.template != template:
            known = _entry(template, uses)
        elif known.uses != uses:
            known = replace(known, uses=uses)
        self._known[template.key] = known
        return known


def entries_of(templates: Iterable[Template], uses: Mapping[str, int]) -> tuple[Entry, ...]:
    """Those of a shelf that is filled once."""
    return Shelf().entries(templates, uses)


def _entry(template: Template, uses: int) -> Entry:
    folder = folder_of(template)
    name, place = folded(template.name), folded("/".join(folder))
    words = "\n".join((f"{place}/{name}", folded(template.key), template.hot_key, folded(template.subject or ""), folded(template.body)))
    return Entry(template, folder, name, place, words, uses, language_of(FIELD.sub("", template.body[:LETTERS_READ])))


def _is_foreign(entry: Entry, language: str) -> bool:
    return bool(language and entry.language) and entry.language != language


def found(entries: Sequence[Entry], typed: str, folder: str = "") -> tuple[Entry, ...]:
    """Those with every word typed, and in this folder: the hot key first, then names that begin so, names, places, texts."""
    inside = [entry for entry in entries if not folder or entry.folder[: folder.count("/") + 1] == tuple(folder.split("/"))]
    wanted = folded(typed).strip()
    words = wanted.split()
    if not words:
        return tuple(inside)
    hits = [entry for entry in inside if all(word in entry.words for word in words)]
    return tuple(sorted(hits, key=lambda entry: _rank(entry, wanted, words)))


def _rank(entry: Entry, wanted: str, words: Sequence[str]) -> int:
    if entry.template.hot_key and entry.template.hot_key == wanted:
        return 0
    if entry.name.startswith(wanted):
        return 1
    if all(word in entry.name for word in words):
        return 2
    return 3 if all(word in entry.place or word in entry.name for word in words) else 4


_CODE = re.compile(r"(?<![^\s、。，．」）])[;；](\S{1,20})$")
"""Not within a word: there it is punctuation."""


def short_code(before: str) -> tuple[str, str] | None:
    """Of a line up to its cursor: the `;code` it ends with, as it stands there, and the hot key that is meant."""
    found = _CODE.search(before)
    return (found[0], folded(found[1])) if found else None


def with_hot_key(entries: Iterable[Entry], code: str) -> Template | None:
    """The template with this hot key; one's own before the team's."""
    fitting = [entry.template for entry in entries if entry.template.hot_key and folded(entry.template.hot_key) == folded(code)]
    return min(fitting, key=lambda template: template.person is None, default=None)


def folders_in(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Every folder that holds something, its own folders behind it."""
    return tuple(sorted({"/".join(entry.folder[:depth]) for entry in entries for depth in range(1, len(entry.folder) + 1)}))
