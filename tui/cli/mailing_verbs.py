"""All verbs of `mado mailing` together: each module adds its own to the group."""

from tui.cli import mailing_approval, mailing_results, mailing_start
from tui.cli.mailing import mailing

__all__ = ["mailing", "mailing_approval", "mailing_results", "mailing_start"]
