"""A web proxy as houses have them: it speaks HTTP on both sides, and takes away what it does not know."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

HOP_BY_HOP = {"connection", "upgrade", "keep-alive", "transfer-encoding", "content-length", "host", "sec-websocket-key", "sec-websocket-version"}


class WebProxy:
    """`manner`: what becomes of a WebSocket (`passes refuses resets strips`); `gathers`: an answer is handed on only when it is whole."""

    def __init__(self, target: str, manner: str, *, gathers: bool) -> None:
        self.target = target
        self.manner = manner
        self.gathers = gathers
        self.url = ""
        self.asked: list[str] = []
        self.open: set[asyncio.Task[object]] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                if self.manner == "refuses":
                    return web.Response(status=403, text="<html>Forbidden by the proxy</html>", content_type="text/html")
                if self.manner == "resets":
                    assert request.transport is not None
                    request.transport.abort()
                    return web.Response()
                if self.manner == "passes":
                    return await self._through(request)
            return await self._forwarded(request)
        finally:
            self.open.discard(task)

    async def _through(self, request: web.Request) -> web.StreamResponse:
        """A proxy that knows WebSockets hands each message on."""
        near = web.WebSocketResponse()
        headers = {"Authorization": request.headers["Authorization"]}
        async with aiohttp.ClientSession() as http:
            try:
                far = await http.ws_connect(self.target + request.path_qs, headers=headers)
            except aiohttp.WSServerHandshakeError as error:
                kept = {name: value for name, value in (error.headers or {}).items() if name.lower() not in HOP_BY_HOP}
                return web.Response(status=error.status, headers=kept)
            await near.prepare(request)

            async def hand_on(source, sink) -> None:
                async for message in source:
                    await sink.send_str(message.data)
                await sink.close()

            await asyncio.gather(hand_on(near, far), hand_on(far, near))
        return near

    async def _forwarded(self, request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with (
            aiohttp.ClientSession() as http,
            http.request(request.method, self.target + request.path_qs, headers=headers, data=await request.read()) as far,
        ):
            kept = {name: value for name, value in far.headers.items() if name.lower() not in HOP_BY_HOP}
            if self.gathers:
                return web.Response(status=far.status, body=await far.read(), headers=kept)
            near = web.StreamResponse(status=far.status, headers=kept)
            await near.prepare(request)
            async for chunk in far.content.iter_any():
                await near.write(chunk)
            await near.write_eof()
            return near

    def cut(self) -> None:
        """Hang up on everybody."""
        for task in self.open:
            task.cancel()


@asynccontextmanager
async def proxy_before(target: str, manner: str = "passes", *, gathers: bool = False) -> AsyncIterator[WebProxy]:
    proxy = WebProxy(target, manner, gathers=gathers)
    runner = web.ServerRunner(web.Server(proxy.handle), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield proxy
    finally:
        proxy.cut()
        await runner.cleanup()
