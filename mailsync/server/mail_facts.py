"""What the team's rules may look at in a frozen mail, as the server itself reads it: nothing that a client says of it counts."""

import asyncio

from mailsync.mime.parse import parse_message
from store.domain.check_policy import MailFacts


async def facts_of(mime: bytes) -> MailFacts:
    """Read it, beside the event loop: it may be large."""
    return await asyncio.to_thread(read_facts, mime)


def read_facts(mime: bytes) -> MailFacts:
    """Subject and text, and how many files it carries. Never raises, as its reader does not."""
    message = parse_message(mime)
    return MailFacts(f"{message.subject}\n{message.text}", len(message.attachments))
