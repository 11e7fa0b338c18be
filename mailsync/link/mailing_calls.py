"""The calls about mailings. Made by `scripts/api.py` from `mailsync.server.mailing_endpoints`: change that, not this."""

from typing import cast
from urllib.parse import quote

from mailsync.link.mailing_protocol import (
    Addresses,
    AllowRequest,
    MailingDoors,
    MailingRefused,
    MailingRequest,
    MailingTold,
    RowBody,
    RowResultLine,
    RowsPage,
    RowsTaken,
    SuppressedCount,
    SuppressedLine,
    SuppressRequest,
)
from store.domain.ids import MailingId


class MailingCalls:
    """A part of `mailsync.link.calls.Calls`."""

    async def _call(self, method: str, path: str, kind: object = None, *, body: object = None, query: dict[str, object] | None = None) -> object:
        raise NotImplementedError

    async def mailings(self) -> list[MailingTold]:
        """The newest mailings."""
        return cast("list[MailingTold]", await self._call("GET", "/v1/mailings", list[MailingTold]))

    async def command_mailing(self, body: MailingRequest) -> MailingTold | MailingRefused:
        """Have a command about a mailing decided."""
        return cast("MailingTold | MailingRefused", await self._call("POST", "/v1/mailings", MailingTold | MailingRefused, body=body))

    async def add_mailing_rows(self, mailing_id: MailingId, body: RowsPage) -> RowsTaken:
        """Hand in a page of its mails."""
        return cast("RowsTaken", await self._call("PUT", f"/v1/mailings/{quote(mailing_id, safe='')}/rows", RowsTaken, body=body))

    async def mailing_rows(self, mailing_id: MailingId) -> list[RowBody]:
        """Three of its mails."""
        return cast("list[RowBody]", await self._call("GET", f"/v1/mailings/{quote(mailing_id, safe='')}/rows", list[RowBody]))

    async def mailing_doors(self, mailing_id: MailingId) -> MailingDoors:
        """How one unsubscribes."""
        return cast("MailingDoors", await self._call("GET", f"/v1/mailings/{quote(mailing_id, safe='')}/doors", MailingDoors))

    async def mailing_results(self, mailing_id: MailingId, after: int = 0) -> list[RowResultLine]:
        """What became of its rows."""
        return cast(
            "list[RowResultLine]",
            await self._call("GET", f"/v1/mailings/{quote(mailing_id, safe='')}/results", list[RowResultLine], query={"after": after}),
        )

    async def suppressed_among(self, body: Addresses) -> Addresses:
        """Whom nobody writes to, of some."""
        return cast("Addresses", await self._call("POST", "/v1/suppressed/among", Addresses, body=body))

    async def suppress(self, body: SuppressRequest) -> SuppressedCount:
        """Write to some no more."""
        return cast("SuppressedCount", await self._call("POST", "/v1/suppressed", SuppressedCount, body=body))

    async def allow(self, body: AllowRequest) -> SuppressedCount:
        """Write to one again."""
        return cast("SuppressedCount", await self._call("POST", "/v1/suppressed/allow", SuppressedCount, body=body))

    async def suppressed(self, after: str = "") -> list[SuppressedLine]:
        """The do-not-mail list."""
        return cast("list[SuppressedLine]", await self._call("GET", "/v1/suppressed", list[SuppressedLine], query={"after": after}))
