"""The server's life: one home, one lock, its sockets, its workers, and an end that loses nothing."""

import asyncio
import contextlib
import logging
import pwd
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from aiohttp import web

from mailsync.link.address import ServerAddress
from mailsync.server.app import Activity, runner_of, server_of
from mailsync.server.duties import PACE, Duties, DutyPace, Make, MayStart, Works
from mailsync.server.errors import ListenRefused
from mailsync.server.house import House
from mailsync.server.listening import (
    OWN_SOCKET,
    OWN_SOCKET_MODE,
    SHARED_SOCKET_MODE,
    TcpPlace,
    fingerprint_of,
    is_every_address,
    listen_tcp,
    listen_unix,
    tcp_place,
)
from mailsync.server.log import log_to, stop_logging
from mailsync.server.mailing import MailingRunner
from mailsync.server.neighbours import Neighbours
from mailsync.server.offers import Offers
from mailsync.server.outbox import OutboxPace, OutboxRunner
from mailsync.server.passwords import Passwords
from mailsync.server.place import place_of_data
from mailsync.server.presence import Presence
from mailsync.server.retention import Retention
from mailsync.server.sealing import Sealing
from mailsync.server.settings_digests import digests_of
from mailsync.server.stream import Hub
from mailsync.server.timers import Timers
from mailsync.server.trust import trust_of
from mailsync.server.watch_local import PullNow
from mailsync.server.watch_sources import addresses_of, own_addresses, watch_by_client, watch_by_imap
from store.clock import Clock, SystemClock
from store.domain.outbox import OutboxState
from store.settings.lock import HomeLock
from store.settings.secrets import Secrets
from store.settings.settings import Settings
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.mailing_turns import running

LINGER_LOOK_SECONDS = 1.0
STOP_SECONDS = 10.0
"""For calls that are being answered when the end is asked for."""

_log = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    home: Path,
    *,
    listen: str | None = None,
    socket: Path | None = None,
    database: str | None = None,
    group: str | None = None,
    on_ready: Callable[[str], None] = lambda _url: None,
    linger_seconds: float | None = None,
    clock: Clock | None = None,
    pace: DutyPace = PACE,
    outbox_pace: OutboxPace | None = None,
) -> None:
    """Be the server of a home until SIGTERM or SIGINT; `on_ready` gets the URL once calls are taken.

    `home`'s own socket is always there. `listen`, else the settings' `listen`, else their `http` URL, adds a TCP port; `socket` a Unix
    socket for a group (`group`; None: that of the folder, or of this process). `database`, else the settings' one, is the URL of a PostgreSQL
    that other servers may share; else the data lies in the home.
    `linger_seconds`: this is a terminal's own server; it opens no IMAP and ends this long after its last client.

    Raises:
        AlreadyRunning: The home has a server.
        CannotListen, ListenRefused, NoSuchDatabase: as they say.
        StoreError: The journal cannot be opened, or failed while running.
    """
    data = place_of_data(settings, home, database)
    place = _place(settings, listen, only_socket=socket is not None)
    # An address that was asked for on the command line is the one members are to call, unless it is "every address of this machine".
    url = None if listen and place and not is_every_address(place.host) else settings.server.url
    with HomeLock(home, "server"):
        handler = log_to(home)
        try:
            plan = Plan(settings, home, data, place, socket, url, linger_seconds, pace, group, outbox_pace)
            await _serve_locked(plan, on_ready, clock or SystemClock())
        finally:
            stop_logging(handler)


@dataclass(frozen=True)
class Plan:
    """What to serve, and where."""

    settings: Settings
    home: Path
    database: Place
    place: TcpPlace | None
    socket: Path | None
    url: str | None
    """Where members call us, if that is not simply where we listen."""
    linger_seconds: float | None
    pace: DutyPace = PACE
    group: str | None = None
    outbox_pace: OutboxPace | None = None


def _place(settings: Settings, listen: str | None, *, only_socket: bool) -> TcpPlace | None:
    server = settings.server
    wanted = listen or server.listen
    if wanted is None and server.url and not only_socket:
        address = ServerAddress.parse(server.url)
        wanted = f"{address.host}:{address.port}" if address.scheme == "http" else None
    if wanted is None:
        return None
    place = tcp_place(wanted, Path(server.tls_cert) if server.tls_cert else None, Path(server.tls_key) if server.tls_key else None)
    trust = settings.trust
    if trust.client_certificates == "off":
        return place
    if place.tls_cert is None:
        raise ListenRefused(wanted, "certificates of clients need TLS: set `server.tls_cert` and `server.tls_key`.")
    return replace(place, client_ca=Path(trust.client_ca), client_must=trust.client_certificates == "require")


def _opened(plan: Plan, clock: Clock) -> TeamDesk:
    settings = plan.settings
    return TeamDesk(
        plan.database,
        clock,
        own_addresses=own_addresses(settings),
        inboxes=frozenset(addresses_of(settings)),
        folder=plan.home,
        comment_files_bytes=settings.server.comment_files_mb * 1_000_000,
    )


async def _serve_locked(plan: Plan, on_ready: Callable[[str], None], clock: Clock) -> None:
    desk = await asyncio.to_thread(_opened, plan, clock)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(desk.close)
        await _first_admin(desk, plan.home)
        await desk.note_settings(digests_of(plan.settings))
        secrets, activity = Secrets(plan.home), Activity()
        hub = Hub(desk, clock, Presence(desk, clock))
        stack.callback(hub.close)
        duties = Duties(desk, plan.settings, clock, _works(plan, secrets, clock, hub.pull_now), pace=plan.pace)
        stack.push_async_callback(duties.give_up)
        neighbours = Neighbours(desk, hub.presence, hub.elsewhere, duties.hint, hub.marked_elsewhere)
        hub.marked_here = neighbours.has_read
        stack.callback(neighbours.close)
        addresses = addresses_of(plan.settings)
        trust, offers = trust_of(plan.settings), Offers(plan.settings, secrets)
        desk.people.sessions.keep_to(trust.sessions)
        house = House(
            desk,
            clock,
            hub,
            offers,
            Passwords(),
            Sealing(secrets),
            neighbours.hint,
            addresses,
            trust=trust,
            unsubscribe_url=plan.settings.server.unsubscribe_url,
        )
        runner = runner_of(house, activity, stop_seconds=STOP_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        url = await _listen(plan, runner, house)
        told = _told_by_signals()
        works = [duties.run(), desk.follow(hub.pulsed), hub.run(), neighbours.run(), house.lines.watch(server_of(runner)), house.gate.run()]
        works.append(Retention(desk, plan.settings.server.retention_years).run())
        if plan.linger_seconds is not None:
            works.append(_linger(told, activity, desk, clock, plan.linger_seconds))
        _log.info("ready", extra={"url": url, "seq": desk.seq, "epoch": desk.epoch})
        on_ready(url)
        await _until_told(told, works, partial(_say_goodbye, hub, duties))


def _works(plan: Plan, secrets: Secrets, clock: Clock, pull_now: PullNow) -> Make:
    def make(desk: TeamDesk, settings: Settings, may_start: MayStart) -> Works:
        if plan.linger_seconds is None:
            watcher = watch_by_imap(desk, settings, secrets, clock)
        else:
            watcher = watch_by_client(desk, settings, secrets, clock, home=plan.home, pull_now=pull_now)
        outbox = OutboxRunner(desk, settings, secrets, clock, watcher.look_again, pace=plan.outbox_pace, may_start=may_start)
        return Works(watcher, outbox, Timers(desk, clock), MailingRunner(desk, settings, clock, watcher.read_sent))

    return make


async def _say_goodbye(hub: Hub, duties: Duties) -> None:
    """Tell the clients, and wait for what is just leaving: cut off, its outcome would be unknown for ever."""
    _log.info("stopping")
    hub.cut("stopping")
    await duties.drain(STOP_SECONDS)


async def _linger(told: asyncio.Event, activity: Activity, desk: TeamDesk, clock: Clock, seconds: float) -> None:
    """End the server this long after the last client, but not while a reply is about to leave."""
    while not told.is_set():
        await asyncio.sleep(min(LINGER_LOOK_SECONDS, seconds))
        alone = activity.running == 0 and time.monotonic() - activity.last_at >= seconds
        if alone and not await desk.submissions_in(OutboxState.SENDING) and not await desk.ask(running):
            due_at = await desk.next_due_at()
            if due_at is None or (due_at - clock.now()).total_seconds() > seconds:
                told.set()


async def _first_admin(desk: TeamDesk, home: Path) -> None:
    name, uid = await asyncio.to_thread(_owner_of, home)
    await desk.people.first_admin(name, uid)


def _owner_of(home: Path) -> tuple[str, int]:
    uid = home.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name, uid
    except KeyError:
        # A container may run us as a number without a name.
        return f"admin-{uid}", uid


async def _listen(plan: Plan, runner: web.AppRunner, house: House) -> str:
    """Open every door; returns the address that members are told, which invitations carry too."""
    url = await listen_unix(runner, plan.home / OWN_SOCKET, OWN_SOCKET_MODE)
    if plan.socket is not None:
        url = await listen_unix(runner, plan.socket, SHARED_SOCKET_MODE, plan.group)
    if plan.place is not None:
        house.door.fingerprint = fingerprint_of(plan.place)
        url = await listen_tcp(runner, plan.place)
    house.door.url = plan.url or url
    return url


def _told_by_signals() -> asyncio.Event:
    """Set by SIGTERM and SIGINT. Whoever has heard that the server is ready may end it at once."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Outside the main thread there are no signals; whoever runs us there cancels instead.
        with contextlib.suppress(RuntimeError, ValueError):
            loop.add_signal_handler(number, told.set)
    return told


async def _until_told(told: asyncio.Event, works: Sequence[Coroutine[None, None, None]], before_the_end: Callable[[], Awaitable[None]]) -> None:
    """Work until told, or until a worker fails: that takes the server with it, for a half-working one tells nobody.

    Raises:
        StoreError: A worker's.
    """
    waiting = asyncio.create_task(_told(told))
    tasks = [waiting, *(asyncio.create_task(work) for work in works)]
    running, ended = set(tasks), set[asyncio.Task[None]]()
    try:
        # A worker that has nothing to do (a home without inboxes) may return; the others go on.
        while not waiting.done() and all(task.exception() is None for task in ended):
            ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        await before_the_end()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        _raise_first(task.exception())


async def _told(event: asyncio.Event) -> None:
    await event.wait()


def _raise_first(error: BaseException | None) -> None:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None:
        raise error
