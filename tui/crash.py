"""A bug, said in one sentence; where it happened goes into a file of the home, without the values of any variable."""

import traceback
from pathlib import Path

from tui.words import _

REPORT = "crash.txt"


def write_report(home: Path, error: BaseException) -> str:
    """Note the bug and return the sentence for the agent. A traceback without locals holds no mail and no secret, but for the error's own words."""
    report = home / REPORT
    try:
        report.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        report.chmod(0o600)
        where = _("Details are in {path}.").format(path=report)
    except OSError:
        where = ""
    return _("mado: a bug ended the program ({name}). Drafts are saved. {where}").format(name=type(error).__name__, where=where)
