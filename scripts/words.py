"""Collect every word for people from `tui/`, merge it into the Japanese catalogue, compile that. `--check` only says what is missing.

The catalogue is `tui/words/ja/LC_MESSAGES/mado.po`; its compiled twin `.mo` is committed too, so that nothing has to be built to run.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tui.view.keymap import COMMANDS  # noqa: E402  (the path above has to be set first)

PO = ROOT / "tui/words/ja/LC_MESSAGES/mado.po"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def wanted() -> Catalog:
    """Every marked word in the code, with the files it stands in (no line numbers: they would change with every edit)."""
    catalogue = Catalog(project="madoguchi", charset="utf-8")
    found = extract_from_dir(str(ROOT / "tui"), method_map=[("**.py", "python")], keywords=KEYWORDS)
    for filename, _line, message, _comments, _context in sorted(found, key=lambda each: (each[0], each[1])):
        catalogue.add(message, locations=[(f"tui/{filename}", None)])
    for command in COMMANDS:  # translated when they are shown, so no call of `_` names them
        catalogue.add(command.words, locations=[("tui/view/keymap.py", None)])
    return catalogue


def kept() -> Catalog:
    """The catalogue as it stands."""
    if not PO.exists():
        return Catalog(locale="ja", project="madoguchi", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="ja")


def missing(catalogue: Catalog) -> list[str]:
    """What has no Japanese yet."""
    return [str(message.id) for message in catalogue if message.id and not (all(message.string) if message.pluralizable else message.string)]


def compiled(catalogue: Catalog) -> bytes:
    """The `.mo` of a catalogue."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> int:
    """Bring the catalogue up to date; exit 1 when something has no Japanese."""
    catalogue = kept()
    catalogue.update(wanted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if "--check" not in sys.argv:
        PO.parent.mkdir(parents=True, exist_ok=True)
        with PO.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, omit_header=False)
        PO.with_suffix(".mo").write_bytes(compiled(catalogue))
    left = missing(catalogue)
    for word in left:
        print(f"no Japanese: {word!r}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
