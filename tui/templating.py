"""Templates in a draft: which are old by now and what a re-merge comes to, and the placeholders that are still to be filled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from store.domain.checks.language import newest_language
from store.domain.draft import Draft
from store.domain.merge_fields import FIELD, merge
from store.domain.remerge import Clash, Lines, three_way, together
from store.domain.template import Inserted, Template, TemplateRef, still_used
from store.local.rows import StoredMessage
from tui.said_before import own_words
from tui.view.gate import writable

MESSAGES_READ = 10
"""Of the end of a conversation, to tell its language."""


@dataclass(frozen=True)
class Offer:
    """A template in the draft that is not what it was. `text`: the newest version, merged for this customer; `pieces`: with the agent's edits."""

    inserted: Inserted
    template: Template
    text: str
    pieces: tuple[Lines | Clash, ...]


def customers_language(messages: Sequence[StoredMessage]) -> str:
    """What the customer wrote last, oldest message first; "" where nobody can tell."""
    theirs = (stored.message for stored in reversed(messages[-MESSAGES_READ:]) if not stored.outgoing)
    return newest_language(f"{message.subject}\n{own_words(message.text)}" for message in theirs)


def used_templates(draft: Draft) -> tuple[TemplateRef, ...]:
    """What the text is made with, as far as it still stands there."""
    return tuple(TemplateRef(one.key, one.version) for one in still_used(draft.inserted, draft.body))


def offers_for(draft: Draft, templates: Iterable[Template], fields: Mapping[str, str | None]) -> tuple[Offer, ...]:
    """What has changed, or was withdrawn, since it was put in."""
    known = {template.key: template for template in templates}
    made = []
    for one in still_used(draft.inserted, draft.body):
        template = known.get(one.key)
        if template is None or (template.version == one.version and not template.withdrawn):
            continue
        text = writable(merge(template.body, fields).text).rstrip("\n")
        made.append(Offer(one, template, text, () if template.withdrawn else three_way(one.text, draft.body, text)))
    return tuple(made)


def remerged(draft: Draft, offer: Offer, take_new: Sequence[bool]) -> Draft:
    """The draft with the newest version in place of the old one; the agent's edits are kept, and clashes as chosen."""
    now = Inserted(offer.inserted.key, offer.template.version, offer.text)
    inserted = tuple(now if one == offer.inserted else one for one in draft.inserted)
    return replace(draft, body=together(offer.pieces, take_new), inserted=inserted)


def as_ones_own(draft: Draft, inserted: Inserted) -> Draft:
    """The text stays as it is, and is the agent's own from now on: no template's."""
    return replace(draft, inserted=tuple(one for one in draft.inserted if one != inserted))


def placeholders(draft: Draft) -> tuple[str, ...]:
    """The names of fields that stand in subject and text, not quoted and not left there on purpose; each once, in order."""
    lines = (draft.subject, *(line for line in draft.body.split("\n") if not line.startswith(">")))
    names = dict.fromkeys(match[1].strip() for line in lines for match in FIELD.finditer(line))
    return tuple(name for name in names if name not in draft.left_empty)


def filled(draft: Draft, name: str, value: str) -> Draft:
    """The draft with a value for every placeholder of that name; "" takes them away."""
    body = "\n".join(line if line.startswith(">") else _filled(line, name, value) for line in draft.body.split("\n"))
    inserted = tuple(replace(one, text="\n".join(_filled(line, name, value) for line in one.text.split("\n"))) for one in draft.inserted)
    return replace(draft, subject=_filled(draft.subject, name, value), body=body, inserted=inserted)


def left_there(draft: Draft, name: str) -> Draft:
    """The draft in which placeholders of that name go out as they stand."""
    return replace(draft, left_empty=(*draft.left_empty, name))


def _filled(text: str, name: str, value: str) -> str:
    return FIELD.sub(lambda match: value if match[1].strip() == name else match[0], text)
