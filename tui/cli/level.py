"""Before a verb that only reads: bring the mirror level with the server, briefly; without a server show what is stored here."""

import asyncio
from pathlib import Path

from store.errors import MadoError
from store.local.store import LocalStore
from store.settings.settings import Settings, load_settings
from tui.cli.output import Output
from tui.view.trouble import problem_words
from tui.words import _

CATCH_UP_SECONDS = 2.0


def catch_up_briefly(home: Path, store: LocalStore, output: Output) -> None:
    """Ask a server that is set, or that runs in this home, for news; never start one. A server that is away is said on stderr, no more.

    Raises:
        SettingsError: The settings cannot be read.
    """
    settings = load_settings(home)
    if not settings.server.url and not (home / "desk.sock").exists():
        return  # before aiohttp is imported
    try:
        asyncio.run(_catch_up(home, settings, store))
    except TimeoutError:
        output.message(_("mado: the server does not answer; shown is what is stored here"))
    except MadoError as error:
        from tui.cli.ended import raise_if_over  # start-up cost: seldom

        raise_if_over(home, settings, store, error)
        output.message(_("mado: {problem}; shown is what is stored here").format(problem=problem_words(error)))


async def _catch_up(home: Path, settings: Settings, store: LocalStore) -> None:
    # Start-up cost: aiohttp, only where there is a server to ask.
    from mailsync.link.home import client_of, server_of
    from mailsync.link.marks import exchange
    from mailsync.link.mirror import Mirror

    address = server_of(home, settings)
    if address is None:
        return
    async with asyncio.timeout(CATCH_UP_SECONDS), client_of(home, settings, address) as client:
        await Mirror(client, store).catch_up()
        await exchange(client, store)
