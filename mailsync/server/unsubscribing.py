"""One-click unsubscribe (RFC 8058): the address in a mail's header takes its recipient off; to visit it changes nothing and shows a page.

Nobody need be known here: the token in the path says all, and nobody can make one up. Mail programs and scanners visit every link, so only
a POST that says `List-Unsubscribe=One-Click` counts.
"""

import asyncio
from html import escape

from aiohttp import web

from mailsync.server.calls import ENTER_BYTES, Call
from mailsync.server.errors import MalformedCall, NotNow, TooLarge
from store.domain.unsubscribing import says_one_click
from store.team.suppressing import ONE_CLICK

READ_SECONDS = 15.0
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font-family:sans-serif;max-width:36em;margin:4em auto;padding:0 1em;line-height:1.7}}button{{font-size:1em;padding:.5em 1.5em}}</style>
</head><body>{body}</body></html>
"""
ASK = """<p>配信を停止しますか。</p><p lang="en">Do you want to unsubscribe?</p>
<form method="post" action="{path}"><input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">配信を停止する / Unsubscribe</button></form>"""
DONE = """<p>配信を停止しました。今後このご案内はお送りしません。</p><p lang="en">You have been unsubscribed.</p>"""
UNKNOWN = """<p>この配信停止のアドレスは使えません。お手数ですが、届いたメールにご返信ください。</p>
<p lang="en">This address is not valid. Please answer the mail you received.</p>"""


async def unsubscribe_page(call: Call) -> web.Response:
    """A page with a button, whatever the token: what is true of it, only the button finds out."""
    return _page(200, ASK.format(path=escape(call.request.path, quote=True)))


async def unsubscribe(call: Call) -> web.Response:
    """Take the mail's recipient off, for good; once more changes nothing.

    Raises:
        MalformedCall: It does not say that it is meant.
    """
    if not says_one_click(await _body(call.request)):
        raise MalformedCall("A one-click POST says `List-Unsubscribe=One-Click` (RFC 8058).")
    known = await call.house.desk.mailings.suppressing.unsubscribe(call.path("token"), ONE_CLICK, where=call.caller.place)
    return _page(200, DONE) if known else _page(404, UNKNOWN)


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > ENTER_BYTES:
        raise TooLarge(f"The body may have {ENTER_BYTES} bytes.")
    raw = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_chunked(ENTER_BYTES):
                raw += chunk
                if len(raw) > ENTER_BYTES:
                    raise TooLarge(f"The body may have {ENTER_BYTES} bytes.")
    except TimeoutError as error:
        raise NotNow("The body did not arrive in time.") from error
    except (OSError, web.RequestPayloadError) as error:
        raise MalformedCall("The body did not arrive whole.") from error
    return bytes(raw)


def _page(status: int, body: str) -> web.Response:
    return web.Response(status=status, text=PAGE.format(title="配信停止 / Unsubscribe", body=body), content_type="text/html", headers=HEADERS)
