"""What can go wrong with the demo.

MadoError
├── CannotReach
│   └── TeamServerFailed     the demo's team server did not start, or ended
└── BadInput
    └── NotADemoHome         the folder named holds something else
"""

from pathlib import Path

from store.errors import BadInput, CannotReach


class TeamServerFailed(CannotReach):
    """The demo's team server ended before it took calls, or while it should have gone on."""

    def __init__(self, words: str) -> None:
        super().__init__(f"the demo's team server is gone: {words}", words=words)


class NotADemoHome(BadInput):
    """A demo empties its folder, so it takes none that it has not made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty and no earlier demo's: name an empty or a new folder with `--home`", folder=folder)
