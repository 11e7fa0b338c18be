"""The marks of list items: bullets, and numbers in the form and from the start that the list asks for (HTML, 4.4.5)."""

import msgspec

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"),
    (1, "i"),
)  # fmt: skip


class ListState(msgspec.Struct):
    """One open list and the number of its next item."""

    numbered: bool
    form: str = "1"
    following: int = 1
    step: int = 1
    frames: int = 0
    """How many frames of the writer are open around its items."""

    @classmethod
    def of(cls, tag: str, attributes: dict[str, str | None], frames: int = 0) -> "ListState":
        """A list as its element describes it."""
        start = (attributes.get("start") or "1").strip()
        number = int(start) if start.lstrip("-").isascii() and start.lstrip("-").isdigit() and len(start) < 8 else 1
        return cls(tag == "ol", attributes.get("type") or "1", number, -1 if "reversed" in attributes else 1, frames)

    def item(self, text: str, value: int = 0) -> str:
        """An item with its mark, its other lines below its first; its text is tidy. `value` where it states its own number."""
        if self.numbered:
            number = value or self.following
            self.following = number + self.step
            mark = _written(number, self.form) + ". "
        else:
            mark = "- "
        indented = "\n" + " " * len(mark)
        # An empty line stays empty, so that the text is tidy still; there are never two of them in a row.
        return mark + text.replace("\n", indented).replace(indented + "\n", "\n\n") if text else ""


def _written(number: int, form: str) -> str:
    if number < 1 or number > 3_999 or form not in ("a", "A", "i", "I"):
        return str(number)
    written = _roman(number) if form in ("i", "I") else _letters(number)
    return written.upper() if form in ("A", "I") else written


def _letters(number: int) -> str:
    """1 is a, 27 is aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    written = ""
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        written += letters * count
    return written
