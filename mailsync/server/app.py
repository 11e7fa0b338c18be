"""The dispatcher: every call is identified, authorised, read, decoded, answered and timed here, and nowhere else."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from mailsync.link.protocol import PROBLEM, Problem
from mailsync.server import lines
from mailsync.server.authorise import Caller, authorise
from mailsync.server.callers import caller_of
from mailsync.server.calls import SMALL_BODY_BYTES, Call, Endpoint
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.errors import CallRefused, MalformedCall, NoMember, NotNow, NotThere, NotYours, TooLarge
from mailsync.server.house import House
from store.domain.ending import Ending
from store.errors import BadInput, MadoError, NotPermitted

READ_SECONDS = 60.0
"""For a large body to arrive: 30 MB over a slow line."""
SMALL_READ_SECONDS = 15.0
"""For any other."""
ANSWER_SECONDS = 30.0

AS_OF, EPOCH = "Mado-As-Of", "Mado-Epoch"

_log = logging.getLogger("mailsync.server.calls")
_encode = msgspec.json.Encoder().encode

WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Activity:
    """When somebody last called; an own server ends when nobody does."""

    def __init__(self) -> None:
        self.running = 0
        self.last_at = time.monotonic()

    def __enter__(self) -> None:
        self.running += 1

    def __exit__(self, *_: object) -> None:
        self.running -= 1
        self.last_at = time.monotonic()


def runner_of(house: House, activity: Activity, *, stop_seconds: float) -> web.AppRunner:
    """What serves the application, within HTTP's own bounds."""
    return web.AppRunner(
        build_app(house, activity),
        access_log=None,
        shutdown_timeout=stop_seconds,
        keepalive_timeout=lines.IDLE_SECONDS,
        max_line_size=lines.LONGEST_LINE_BYTES,
        max_field_size=lines.LONGEST_HEADER_BYTES,
        max_headers=lines.MOST_HEADERS,
        lingering_time=lines.LINGER_SECONDS,
    )


def server_of(runner: web.AppRunner) -> web.Server:
    """What holds its connections; after `setup`."""
    if runner.server is None:
        raise RuntimeError("the runner was not set up")
    return runner.server


def build_app(house: House, activity: Activity) -> web.Application:
    """The application with every endpoint of the table."""
    app = web.Application(middlewares=[_problems, _counted(activity)])
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, endpoint.path, _dispatched(house, endpoint))
    return app


def _dispatched(house: House, endpoint: Endpoint) -> WebHandler:
    decoder = msgspec.json.Decoder(endpoint.body) if endpoint.body is not None else None

    async def answer(request: web.Request) -> web.StreamResponse:
        house.lines.heard(request)
        caller = await caller_of(request, house)
        if caller.member is not None:
            house.lines.known(request)
        # First without the inbox: a stranger's body is not even read.
        authorise(caller, endpoint.right, None)
        call = Call(house, caller, request, await _body(house, caller, request, endpoint, decoder), _query(request, endpoint))
        authorise(caller, endpoint.right, await endpoint.scope(call))
        given = await _answer(call, endpoint)
        if not given.prepared:
            # How far the journal was, at least, when this was answered; and which journal that is.
            given.headers[AS_OF], given.headers[EPOCH] = str(house.desk.seq), str(house.desk.epoch)
        return given

    return answer


async def _body(
    house: House, caller: Caller, request: web.Request, endpoint: Endpoint, decoder: msgspec.json.Decoder[msgspec.Struct] | None
) -> msgspec.Struct | None:
    if decoder is None:
        return None
    with ExitStack() as large:
        raw = await _read(request, endpoint.most_bytes, lambda: large.enter_context(house.lines.large(caller.known.key)))
        return _decoded(raw, endpoint, decoder)


def _decoded(raw: bytes, endpoint: Endpoint, decoder: msgspec.json.Decoder[msgspec.Struct]) -> msgspec.Struct:
    try:
        body = decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MalformedCall(f"The body cannot be read: {error}") from error
    if len(raw) > endpoint.most_bytes_of(body):
        raise TooLarge(f"This body may have {endpoint.most_bytes_of(body)} bytes.")
    return body


def _query(request: web.Request, endpoint: Endpoint) -> msgspec.Struct | None:
    if endpoint.query is None:
        return None
    try:
        return msgspec.convert(dict(request.query), endpoint.query, strict=False)
    except (msgspec.MsgspecError, ValueError) as error:
        raise MalformedCall(f"What stands behind the `?` cannot be read: {error}") from error


async def _read(request: web.Request, most_bytes: int, before_it_is_large: Callable[[], None]) -> bytes:
    if (request.content_length or 0) > most_bytes:
        raise TooLarge(f"The body may have {most_bytes} bytes.")
    raw = bytearray()
    is_large = False
    try:
        async with asyncio.timeout(SMALL_READ_SECONDS) as patience:
            async for chunk in request.content.iter_chunked(65536):
                raw += chunk
                if len(raw) > most_bytes:
                    raise TooLarge(f"The body may have {most_bytes} bytes.")
                if len(raw) > SMALL_BODY_BYTES and not is_large:
                    is_large = True
                    before_it_is_large()
                    patience.reschedule(asyncio.get_running_loop().time() + READ_SECONDS)
    except TimeoutError as error:
        raise NotNow("The body did not arrive in time.") from error
    except (OSError, web.RequestPayloadError) as error:
        # Nobody may be there to read this. It is no fault of ours: one line, and no trace.
        _log.info("a caller went away in the middle of a body", extra={"path": request.path})
        raise MalformedCall("The body did not arrive whole.") from error
    return bytes(raw)


async def _answer(call: Call, endpoint: Endpoint) -> web.StreamResponse:
    if endpoint.answer is web.StreamResponse:
        given = await endpoint.handler(call)
    else:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                given = await endpoint.handler(call)
        except TimeoutError as error:
            raise NotNow("The server is too busy to answer in time; ask again with the same key.") from error
    if isinstance(given, web.StreamResponse):
        return given
    if given is None:
        return web.Response(status=204)
    return web.Response(body=_encode(given), content_type="application/json")


def _counted(activity: Activity) -> Middleware:
    @web.middleware
    async def counted(request: web.Request, handler: WebHandler) -> web.StreamResponse:
        with activity:
            return await handler(request)

    return counted


@web.middleware
async def _problems(request: web.Request, handler: WebHandler) -> web.StreamResponse:
    """Turn what was raised into a Problem: a word and a sentence, never a trace. Only what is ours is explained; the rest is a bare 500."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _problem(error.status, NotThere.word if error.status == NotThere.status else MalformedCall.word, error.reason)
    except MadoError as error:
        return _explained(error, request)


def _explained(error: MadoError, request: web.Request) -> web.Response:
    match error:
        case NoMember(ending=ending):
            return _problem(error.status, error.word, str(error), ending)
        case CallRefused():
            return _problem(error.status, error.word, str(error))
        case NotPermitted():
            return _problem(NotYours.status, NotYours.word, str(error))
        case BadInput():
            return _problem(MalformedCall.status, MalformedCall.word, str(error))
        case _:
            # Its sentence may name a path of this machine: for the log, not for the caller.
            _log.error("a call failed: %s", error, extra={"path": request.path})
            return _problem(NotNow.status, NotNow.word, "The server could not do this; nothing of it is certain. Ask again with the same key.")


def _problem(status: int, word: str, sentence: str, ending: Ending | None = None) -> web.Response:
    # The mark tells a client that these are our words, and not a proxy's.
    return web.Response(status=status, body=_encode(Problem(word, sentence, ending)), content_type="application/json", headers={PROBLEM: word})
