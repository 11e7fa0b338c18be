"""What can go wrong with MIME. Reading a message never raises; asking for a part or writing a reply may.

BadInput
├── ComposeError     a reply cannot be written so: a bad address, a line break in a header
└── PartMissing      the message has no such part
"""

from store.errors import BadInput


class ComposeError(BadInput):
    """A reply cannot be written as asked; nothing was made."""


class PartMissing(BadInput):
    """The message has no part of this number."""
