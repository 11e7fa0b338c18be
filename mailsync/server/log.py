"""The server's log: JSON, a line each, in its home. Secrets cannot get in: `Secret` shows as dots wherever it is formatted."""

import logging
import logging.handlers
from datetime import UTC, datetime
from pathlib import Path

import msgspec

LOG_FILE = "server.log"
LONGEST_FILE_BYTES = 10_000_000
OLD_FILES = 3

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `message`, and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; line ends inside it are escaped by JSON."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: _shown(value) for name, value in vars(record).items() if name not in _PLAIN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def _shown(value: object) -> object:
    return value if isinstance(value, int | float | str | bool | None) else str(value)


def log_to(home: Path) -> logging.Handler:
    """Send the whole program's log to the home's file from now on; returns what `stop_logging` takes."""
    handler = logging.handlers.RotatingFileHandler(home / LOG_FILE, maxBytes=LONGEST_FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    (home / LOG_FILE).touch(mode=0o600)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Give the file back."""
    logging.getLogger().removeHandler(handler)
    handler.close()
