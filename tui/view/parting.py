"""What a list is parted by, and what stands above each part."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from store.domain.saved_view import Grouping
from tui.view.rows import Reader, RowFacts
from tui.view.statuses import status_name
from tui.words import _, language

WEEKDAYS_JA = "月火水木金土日"


@dataclass(frozen=True)
class ListParting:
    """By owner, status or day; `reader` is who looks now."""

    grouping: Grouping
    reader: Callable[[], Reader]

    def key(self, row: RowFacts) -> str:
        """Tells the parts apart."""
        if self.grouping is Grouping.OWNER:
            return row.owner or ""
        if self.grouping is Grouping.STATUS:
            return row.status
        return "" if row.last_at is None else row.last_at.astimezone().date().isoformat()

    def words(self, row: RowFacts) -> str:
        """`佐藤`, `処理中`, `今日 11-29 (日)`."""
        reader = self.reader()
        if self.grouping is Grouping.OWNER:
            return _("Nobody's") if row.owner is None else reader.name(row.owner)
        if self.grouping is Grouping.STATUS:
            return status_name(row.status, reader.statuses)
        return _("No day") if row.last_at is None else day_words(row.last_at, reader.now)


def parting_of(grouping: Grouping, reader: Callable[[], Reader]) -> ListParting | None:
    """None: the list is in one piece."""
    return None if grouping is Grouping.NONE else ListParting(grouping, reader)


def day_words(at: datetime, now: datetime) -> str:
    """A day as one says it: `今日 11-29 (日)`, `2025-11-29 (Sat)`; in the agent's own zone."""
    day, today = at.astimezone().date(), now.astimezone().date()
    weekday = WEEKDAYS_JA[day.weekday()] if language() == "ja" else f"{day:%a}"
    date = f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"
    ago = (today - day).days
    near = _("Today") + " " if ago == 0 else _("Yesterday") + " " if ago == 1 else ""
    return f"{near}{date} ({weekday})"
