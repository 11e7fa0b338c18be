"""Where a house's team data lies, as the settings or the command line say it."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from mailsync.server.errors import NoSuchDatabase, PasswordInUrl
from store.settings.settings import Settings
from store.team.database import Place, is_url

DATABASE = "team.db"


def place_of_data(settings: Settings, home: Path, database: str | None = None) -> Place:
    """The file of the home, or the URL of a PostgreSQL that is named.

    Raises:
        NoSuchDatabase: A URL of a kind that is not known.
        PasswordInUrl: It would lie readable in the settings, or in the list of processes.
    """
    wanted = database or settings.server.database
    if wanted is None:
        return home / DATABASE
    if not is_url(wanted):
        raise NoSuchDatabase
    if urlsplit(wanted).password or "password" in parse_qs(urlsplit(wanted).query):
        raise PasswordInUrl
    return wanted
