"""The measured set of the send check, read: the house, and every draft with the codes that must be found in it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from store.domain.checks.facts import Attached, Facts
from store.domain.draft import Draft
from store.domain.house_words import HouseWord
from store.domain.ids import ConversationId, InboxKey
from store.domain.message import Address

FOLDER = Path(__file__).parent
HELD_OUT = "held_out"
"""Files that begin so are not tuned on; each says when it was written."""


@dataclass(frozen=True)
class Example:
    """One draft, where it stands, and the codes expected."""

    place: str
    expected: frozenset[str]
    draft: Draft
    facts: Facts

    @property
    def held_out(self) -> bool:
        """Whether it is of the third that the checks are not tuned on."""
        return self.place.startswith(HELD_OUT)


@cache
def world() -> dict[str, object]:
    """The house."""
    return tomllib.loads((FOLDER / "world.toml").read_text(encoding="utf-8"))


@cache
def examples() -> tuple[Example, ...]:
    """All of them, by file and line."""
    return tuple(example for path in sorted(FOLDER.glob("*.txt")) for example in _of_file(path))


def _of_file(path: Path) -> Iterator[Example]:
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [at for at, line in enumerate(lines) if line.startswith("###")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        blank = next(at for at in range(start, end) if not lines[at])
        codes = frozenset(lines[start].removeprefix("###").replace(",", " ").split())
        body = "\n".join(lines[blank + 1 : end]).rstrip("\n") + "\n"
        draft, facts = _drafted([line.partition(":")[::2] for line in lines[start + 1 : blank]], body)
        yield Example(f"{path.name}:{start + 1}", codes, draft, facts)


def _drafted(head: list[tuple[str, str]], body: str) -> tuple[Draft, Facts]:
    house = world()
    said = {name: value.strip() for name, value in head}
    customer = house["customers"][said["Customer"]]
    person = Address(customer["name"], customer["address"])
    also = tuple(_address(each) for each in customer.get("also", ()))
    others = [_address(each) for each in house["others"]["people"]]
    answered = said.get("Subject", "Re:").startswith("Re:")
    draft = Draft(
        conversation_id=ConversationId("c"),
        to=_listed(said["To"]) if "To" in said else (f"{person.name} <{person.address}>" if person.name else person.address,),
        cc=_listed(said.get("Cc", "")),
        bcc=_listed(said.get("Bcc", "")),
        subject=said.get("Subject", f"Re: {customer['subject']}"),
        body=body,
        attachments=tuple(value.split()[0] for name, value in head if name == "Attach"),
        answers="<m@x.example>" if answered else None,
    )
    facts = Facts(
        own_addresses=frozenset(house["own_addresses"]),
        own_names=tuple(house["own_names"]),
        inbox=InboxKey(said.get("Inbox", "support")),
        signature=house["signature"],
        people=(person, *also),
        wrote=frozenset({person.address}),
        companies=tuple(filter(None, (customer.get("company"),))),
        said=customer["said"],
        languages=frozenset({customer["language"]}),
        others=tuple(each.name for each in others),
        other_companies=tuple(house["others"]["companies"]),
        seen=frozenset({*house["others"]["seen"], *(each.address for each in others)}),
        answered_subject=customer["subject"] if answered else "",
        attachments=tuple(Attached(value.split()[0], _size(value.split()[1])) for name, value in head if name == "Attach"),
        today=house["today"],
        words=tuple(HouseWord(each["text"], each["level"], each.get("instead", ""), InboxKey(each.get("inbox", ""))) for each in house["words"]),
    )
    return draft, facts


def _size(text: str) -> int | None:
    return None if text == "gone" else int(text)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _address(text: str) -> Address:
    name, _, rest = text.rpartition("<")
    return Address(name.strip(), rest.rstrip("> "))
