"""Screens as SVG: the text once, its looks once a theme. The same screens give the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape

import pyte

CELL, LINE, EDGE = 9, 20, 10
"""Pixels: a column, a row, the margin."""
FONTS = "DejaVu Sans Mono,Menlo,Consolas,Noto Sans Mono CJK JP,Noto Sans CJK JP,monospace"
NORMAL = ("#282c34", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf")
BRIGHT = ("#7f8695", "#f08088", "#acd78a", "#f5d496", "#7dc3ff", "#d791ee", "#6ecdd7", "#ffffff")
NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""As pyte calls the terminal's own colours; the bright ones begin with `bright`."""
COLOURS = {**dict(zip(NAMES, NORMAL, strict=True)), **{f"bright{name}": value for name, value in zip(NAMES, BRIGHT, strict=True)}}
COLOURS["brightyellow"] = COLOURS["brightbrown"]


class Look(NamedTuple):
    """How a cell looks: letters and ground (pyte's names, or six hexadecimal digits), and what else."""

    front: str
    back: str
    bold: bool
    underlined: bool
    reversed: bool


PLAIN = Look("default", "default", False, False, False)


@dataclass(frozen=True)
class Ground:
    """What the terminal itself looks like where a theme is used."""

    front: str
    back: str


class Cell(NamedTuple):
    """One letter, and how it looks in each theme. The cell behind a wide letter holds nothing."""

    letter: str
    looks: tuple[Look, ...]


Grid = list[list[pyte.screens.Char]]


def grid_of(screen: pyte.Screen) -> Grid:
    """What stands on it now."""
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


def cells_of(grids: Sequence[Grid]) -> list[list[Cell]]:
    """The same screen in each theme as one grid; raises ValueError where the texts differ: a theme is about looks only."""
    cells = []
    for rows in zip(*grids, strict=True):
        line = []
        for same in zip(*rows, strict=True):
            if len({cell.data for cell in same}) != 1:
                raise ValueError("the themes show different texts")
            looks = tuple(Look(cell.fg, cell.bg, cell.bold, cell.underscore, cell.reverse) for cell in same)
            line.append(Cell(same[0].data, looks))
        cells.append(line)
    return cells


def drawn(cells: Sequence[Sequence[Cell]], themes: Mapping[str, Ground]) -> str:
    """The picture: one screen below the other, a theme each."""
    classes: dict[tuple[Look, ...], str] = {(PLAIN,) * len(themes): ""}
    body = "".join(_row(y, row, classes) for y, row in enumerate(cells))
    width, height = 2 * EDGE + CELL * len(cells[0]), 2 * EDGE + LINE * len(cells)
    shown = []
    for number, (name, ground) in enumerate(themes.items()):
        variables = "".join(_variables(mark, looks[number], ground) for looks, mark in classes.items() if mark)
        style = f"--f:{ground.front};{variables}"
        rect = f'<rect width="{width}" height="{height}" fill="{ground.back}"/>'
        shown.append(f'<g transform="translate(0 {number * height})" style="{style}"><title>{name}</title>{rect}<use href="#s"/></g>')
    rules = "".join(
        f".{mark}{{fill:var(--f{mark});font-weight:var(--w{mark});text-decoration:var(--u{mark})}}.g{mark}{{fill:var(--b{mark})}}"
        for mark in classes.values()
        if mark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height * len(themes)}">\n'
        f"<style>text{{font:15px {FONTS};fill:var(--f);white-space:pre}}{rules}</style>\n"
        f'<defs><g id="s">\n{body}</g></defs>\n' + "\n".join(shown) + "\n</svg>\n"
    )


def _row(y: int, row: Sequence[Cell], classes: dict[tuple[Look, ...], str]) -> str:
    """A row: grounds where there are any, then its text with each piece of another look in a span; as wide as its columns."""
    pieces, grounds, column, used = [], [], 0, 0
    for looks, group in groupby(row, lambda cell: cell.looks):
        letters = list(group)
        text, mark = "".join(cell.letter for cell in letters), classes.setdefault(looks, f"c{len(classes)}")
        if any(look.back != "default" or look.reversed for look in looks):
            grounds.append(f'<rect class="g{mark}" x="{EDGE + column * CELL}" y="{EDGE + y * LINE}" width="{len(letters) * CELL}" height="{LINE}"/>')
        pieces.append(f'<tspan class="{mark}">{escape(text)}</tspan>' if mark and text.strip() else escape(text))
        column += len(letters)
    said = "".join(cell.letter for cell in row).rstrip()
    if not said:
        return "".join(grounds) + "\n"
    used = max(x for x, cell in enumerate(row) if cell.letter.strip() or not cell.letter) + 1
    text = "".join(pieces)
    text = text.rstrip() if not text.endswith(">") else text
    return "".join(grounds) + f'<text x="{EDGE}" y="{EDGE + y * LINE + 15}" textLength="{used * CELL}">{text}</text>\n'


def _variables(mark: str, look: Look, ground: Ground) -> str:
    front, back = _colour(look.front, ground.front), _colour(look.back, "none")
    if look.reversed:
        front, back = (ground.back if back == "none" else back), front
    weight, line = "bold" if look.bold else "normal", "underline" if look.underlined else "none"
    return f"--f{mark}:{front};--b{mark}:{back};--w{mark}:{weight};--u{mark}:{line};"


def _colour(name: str, default: str) -> str:
    return default if name == "default" else COLOURS.get(name, f"#{name}")
