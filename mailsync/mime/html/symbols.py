"""Letters that are pictures in the font they stand in: Word writes a bullet as `l`, an arrow as `à` and a smile as `J`, all in Wingdings."""

_WINGDINGS = {
    "l": "●", "m": "○", "n": "■", "o": "□", "q": "❑", "r": "❒", "u": "◆", "v": "❖", "w": "◆", "Ÿ": "•", "§": "▪", "¨": "□", "¡": "○", "¤": "◉",
    "Ø": "➢", "à": "→", "ß": "←", "á": "↑", "â": "↓", "è": "➔", "ð": "⇨", "ó": "⇔", "ü": "✓", "û": "✗", "þ": "☑", "ý": "☒", "x": "☒", "F": "☞",
    "J": "☺", "K": "😐", "L": "☹", "(": "☎", "*": "✉", "C": "👍", "D": "👎", "P": "⚑", "Z": "☯", "R": "☼", "T": "❄", "Y": "✡", "«": "★", "¬": "✦",
}  # fmt: skip
_PICTURES = str.maketrans({**_WINGDINGS, **{chr(0xF000 + ord(letter)): picture for letter, picture in _WINGDINGS.items() if letter != "Ÿ"}})


def names_pictures(family: str) -> bool:
    """Whether a font, as a style names it, holds pictures in place of letters."""
    return family.lstrip("\"' ").lower().startswith("wingdings") and family.strip("\"' ")[-1:] not in ("2", "3")


def pictured(text: str) -> str:
    """What is seen of a text in such a font."""
    return text.translate(_PICTURES)
