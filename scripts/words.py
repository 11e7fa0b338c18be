"""Collect every word for people from `tui/`, merge it into the Japanese catalogue, compile that. `--check` writes nothing and says what is amiss.

The catalogue is `tui/words/ja/LC_MESSAGES/mado.po`; its compiled twin `.mo` is committed too, so that nothing has to be built to run.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# The path above has to be set first.
from store.domain.checks.explained import EXPLAINED  # noqa: E402
from tui.cli.helping import FRAME, help_words  # noqa: E402
from tui.cli.main import VERBS, mado  # noqa: E402
from tui.view.commands.every import COMMANDS  # noqa: E402
from tui.view.findings import TRANSLATED_FACTS  # noqa: E402
from tui.view.overheard import SENTENCES  # noqa: E402

PO = ROOT / "tui/words/ja/LC_MESSAGES/mado.po"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def wanted() -> Catalog:
    """Every marked word in the code, with the files it stands in (no line numbers: they would change with every edit)."""
    catalogue = Catalog(project="madoguchi", charset="utf-8")
    found = extract_from_dir(str(ROOT / "tui"), method_map=[("**.py", "python")], keywords=KEYWORDS)
    for filename, _line, message, _comments, _context in sorted(found, key=lambda each: (each[0], each[1])):
        catalogue.add(message, locations=[(f"tui/{filename}", 0)])
    for filename, words in shown_later():
        catalogue.add(words, locations=[(filename, 0)])
    return catalogue


def shown_later() -> Iterator[tuple[str, str]]:
    """What is translated only when it is shown, so that no call of `_` names it: the key map, the help of every verb, sentences of other rooms."""
    yield from ((f"tui/view/commands/{command.task}", command.words) for command in COMMANDS)
    yield from (("tui/view/overheard.py", sentence) for sentence in SENTENCES)
    yield from (("store/domain/checks/explained.py", words) for each in EXPLAINED.values() for words in (each.sentence, each.reason, each.remedy))
    yield from (("tui/view/findings.py", words) for words in TRANSLATED_FACTS)
    yield from (("tui/cli/helping.py", words) for words in FRAME)
    yield from (("tui/cli/main.py", words) for words in help_words(mado))
    for module, name in VERBS.values():
        filename = module.replace(".", "/") + ".py"
        yield from ((filename, words) for words in help_words(getattr(import_module(module), name)))


def kept() -> Catalog:
    """The catalogue as it stands."""
    if not PO.exists():
        return Catalog(locale="ja", project="madoguchi", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="ja")


def with_plain_head(catalogue: Catalog) -> None:
    """A head that says nothing of today: the same words give the same bytes."""
    catalogue.header_comment = "# Japanese for madoguchi; `make words` writes this file, its sentences are written by hand."
    catalogue.fuzzy = False
    catalogue.version = "0.1"
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "madoguchi"


def missing(catalogue: Catalog) -> list[str]:
    """What has no Japanese yet."""
    return [
        str(message.id) for message in catalogue if message.id and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]


def written(catalogue: Catalog) -> bytes:
    """The `.po` of a catalogue."""
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=False)
    return out.getvalue()


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
    with_plain_head(catalogue)
    files = {PO: written(catalogue), PO.with_suffix(".mo"): compiled(catalogue)}
    # Nobody who reads a file that is right already finds it half written.
    stale = [path for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    left = missing(catalogue)
    for word in left:
        print(f"no Japanese: {word!r}")
    if "--check" in sys.argv:
        for path in stale:
            print(f"would be written otherwise: {path}")
        return 1 if left or stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path])
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
