"""Writing in `$EDITOR`: the program steps aside, the lease is kept alive by its own thread."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

import msgspec
from textual.app import App, SuspendNotSupported

from store.domain.draft import Draft
from tui.screens.composer_port import Writer
from tui.view.editing import as_file, from_file
from tui.words import _


async def write_outside(writer: Writer) -> None:
    """The program steps aside for `$EDITOR`; what comes back stands in the composer."""
    composing = writer.composing
    composing.save_here()
    problem, draft = edit_outside(writer.screen.app, composing.draft)
    if problem:
        writer.say(problem, "alarm")
    else:
        composing.change(draft)


def edit_outside(app: "App[object]", draft: Draft) -> tuple[str, Draft]:
    """Let the agent edit the draft; blocks until the editor ends. A problem in words, or "", and the draft as it came back."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="mado-") as folder:
        path = Path(folder) / "reply.eml.txt"
        path.write_text(as_file(draft), encoding="utf-8")
        try:
            with app.suspend():
                ended = subprocess.run([*shlex.split(editor), str(path)], check=False)
        except SuspendNotSupported:
            return _("This terminal cannot step aside for an editor."), draft
        except (OSError, ValueError) as error:
            return _("The editor {editor} could not be started: {why}").format(editor=editor, why=error), draft
        if ended.returncode != 0:
            return _("The editor ended with {code}; nothing was changed.").format(code=ended.returncode), draft
        edited = from_file(path.read_text(encoding="utf-8", errors="replace"))
    if not (edited.to or edited.cc or edited.bcc or edited.subject):
        return "", msgspec.structs.replace(draft, body=edited.body)
    return "", msgspec.structs.replace(draft, to=edited.to, cc=edited.cc, bcc=edited.bcc, subject=edited.subject, body=edited.body)
