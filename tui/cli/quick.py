"""`mado search QUERY` in its plain forms, before the library that reads command lines is imported: a script asks it a hundred times."""

import gc
import os
import sys
from collections.abc import Sequence

ENDED_BY_INTERRUPT = 128 + 2
"""What a shell says of a program that SIGINT ended. The module `signal` would take longer to import than a short verb's own."""

LONGEST_LIMIT = 9
"""Digits; what asks for more hits than that is said no to elsewhere."""


def answer_quickly(arguments: Sequence[str]) -> None:
    """End the program with the answer; return when the question is not of the plain forms, with nothing said yet."""
    plain = plain_search(arguments)
    if plain is None:
        return
    # The answer is soon said, and what is imported stays: looking through it for garbage finds none.
    gc.disable()
    import_alone("msgspec", without="typing_extensions")
    code = _search(*plain)
    sys.stdout.flush()
    sys.stderr.flush()
    # All files are closed. Taking apart what was imported would take a tenth of the whole time.
    os._exit(code)


def plain_search(arguments: Sequence[str]) -> tuple[str, str, bool, int] | None:
    """Home ("" for the usual one), query, whether JSON is wanted, and how many hits (0: the usual number), of
    `[--home HOME] search [--json] [--limit N] WORD...`; None: something else."""
    rest = list(arguments)
    home = ""
    if len(rest) > 1 and rest[0] == "--home":
        home, rest = rest[1], rest[2:]
        if not home or home.startswith("-") or os.path.isfile(home):  # noqa: PTH113 - pathlib is imported when it is needed
            return None
    if not rest or rest[0] != "search":
        return None
    rest, limit = rest[1:], 0
    if "--limit" in rest:
        at = rest.index("--limit")
        number = "".join(rest[at + 1 : at + 2])
        if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_LIMIT and int(number)):
            return None
        limit = int(number)
        del rest[at : at + 2]
    words = [word for word in rest if word != "--json"]
    if not words or any(word.startswith("-") for word in words):
        return None
    return home, " ".join(words), len(words) < len(rest), limit


def import_alone(name: str, *, without: str) -> None:
    """Import a module without one that it only takes its chance with: Python 3.11 itself has all that msgspec wants of typing_extensions, which
    is a tenth of a short search. Whoever wants that one later gets it."""
    if without in sys.modules:
        return
    sys.modules[without] = None  # type: ignore[assignment]  # as documented of sys.modules: the import fails with ModuleNotFoundError
    try:
        __import__(name)
    finally:
        del sys.modules[without]


def _search(home: str, query: str, json: bool, limit: int) -> int:  # noqa: FBT001 - the four facts of `plain_search`
    # Local imports: only a plain question pays for them here.
    from pathlib import Path

    from store.errors import MadoError
    from store.local.finder import open_finder
    from store.settings.home import home_folder
    from tui.cli.answering import HITS, Asked, answer_and_count
    from tui.cli.output import Output

    output = Output(json=json)
    try:
        finder = open_finder(home_folder(Path(home) if home else None))
        try:
            answer_and_count(output, finder, Asked(query, limit or HITS))
        finally:
            finder.close()
    except MadoError as error:
        output.trouble(error)
        return error.exit_code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except KeyboardInterrupt:
        return ENDED_BY_INTERRUPT
    return 0
