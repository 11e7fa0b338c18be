"""`mado`: paint something at once, then import what is needed; with a verb, the command line."""

import os
import sys

from tui.splash import prepare_environment, splash

ENDED_BY_INTERRUPT = 130


def main() -> None:
    """The program. Exits with the codes of the outside surface."""
    arguments = sys.argv[1:]
    foreign = foreign_rooms()
    if foreign:
        sys.exit(_foreign_words(foreign))
    arguments = by_lines(arguments)
    home = _home_only(arguments)
    if home is None:
        # Local imports: `mado` without a verb must not pay for the command line, nor the other way round, nor a plain search for all of it.
        from tui.cli.quick import answer_quickly

        answer_quickly(arguments)
        from tui.cli.main import main as command_line

        command_line(arguments)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.exit(_no_terminal_words())
    splash()
    prepare_environment()
    sys.exit(_terminal(home))


def _terminal(home: str) -> int:
    """The splash stands: the first list, then the app."""
    # Local imports, here and below: each takes longer than what stands before it may take to appear.
    import gc

    from tui.taking import take

    # What is imported stays: looking through it for garbage is a tenth of the start. `tui.starting` has it looked for again.
    gc.disable()

    taken = take()
    try:
        from tui.ahead import begin_ahead

        apart = begin_ahead(home)

        from tui.first_picture import paint_first_picture

        picture = paint_first_picture(home) if taken else None

        from tui.running import run

        return run(home or None, taken, picture, apart)
    except KeyboardInterrupt:
        return ENDED_BY_INTERRUPT
    finally:
        if taken is not None:
            taken.give_back()


def _foreign_words(foreign: list[str]) -> str:
    # Local import, here and below: gettext would delay the splash.
    from tui.words import _

    words = _("mado: another distribution owns {rooms} in this Python environment; install madoguchi by itself: uv tool install madoguchi")
    return words.format(rooms=", ".join(foreign))


def _no_terminal_words() -> str:
    from tui.words import _

    return _("mado: this needs a terminal; `mado --help` lists the commands for scripts")


def foreign_rooms() -> list[str]:
    """Which of our three top-level names somebody else's files answer to. Their names are generic, so this is looked at every time."""
    # Local import: three empty modules; anything more would delay the splash.
    import mailsync
    import store

    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib costs the splash 12 modules
    rooms = {"mailsync": mailsync, "store": store}
    return [name for name, module in rooms.items() if not os.path.abspath(module.__file__ or "").startswith(here + os.sep)]  # noqa: PTH100 - as above


def by_lines(arguments: list[str]) -> list[str]:
    """With `--linear`, or MADO_LINEAR set, the terminal is the one for screen readers: `mado linear`."""
    asked = "--linear" in arguments[:3]
    others = [each for each in arguments if each != "--linear"] if asked else arguments
    if (asked or os.environ.get("MADO_LINEAR", "0") not in ("", "0")) and _home_only(others) is not None:
        return [*others, "linear"]
    return arguments


def _home_only(arguments: list[str]) -> str | None:
    """The home named when nothing else is asked for, "" for the usual one; None: there is a verb or an option."""
    match arguments:
        case []:
            return ""
        case ["--home", home]:
            return home
        case [word] if word.startswith("--home="):
            return word.removeprefix("--home=")
        case _:
            return None


if __name__ == "__main__":
    main()
