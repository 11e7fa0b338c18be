"""One house with two agents at their terminals for all tests of a worker; each test plays with mails of its own."""

from collections.abc import Iterator

import pytest
from start_dovecot import Dovecot
from start_exim import Exim

from tests.line.seats import Pair


@pytest.fixture(scope="session")
def shared_pair(dovecot: Dovecot, exim: Exim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Sato writes outside with a script that waits for a file and then writes a line of its own."""
    editor = tmp_path_factory.mktemp("editor") / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    with Pair(dovecot, exim, EDITOR=str(editor), VISUAL="") as pair:
        templates = tmp_path_factory.mktemp("templates")
        for name, text in TEMPLATES.items():
            (templates / f"{name}.txt").write_text(text)
        pair.house.mado(pair.house.server_home, "template", "import", str(templates))
        pair.editor = editor
        yield pair


@pytest.fixture
def pair(shared_pair: Pair) -> Pair:
    """Both at their lists, whatever the last test left open."""
    shared_pair.at_the_lists()
    return shared_pair


EDITOR = """#!/bin/sh
echo "EDITOR IS OPEN: $(grep -c . "$1") lines"
while [ ! -e "$0.go" ]; do sleep 0.05; done
rm "$0.go"
sed -i 's/ありがとうございます/まことにありがとうございます/' "$1"
"""

TEMPLATES = {
    "返金のご案内": "{{customer}} 様\n\n返金を承りました。\n担当: {{agent}}\n",
    "会社あて": "{{会社名}} 御中\n\nお世話になります。\n",
}
