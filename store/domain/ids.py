"""The names by which things are known; distinct types, so that one cannot be passed for another."""

from typing import NewType

ConversationId = NewType("ConversationId", str)
"""16 letters and digits; equal to the thread key of its first thread unless the registry says otherwise."""

ThreadKey = NewType("ThreadKey", str)
"""16 letters and digits: the hash of an inbox and the root of References (`store.domain.threading`)."""

MessageId = NewType("MessageId", str)
"""A Message-ID with its angle brackets (RFC 5322 3.6.4)."""

InboxKey = NewType("InboxKey", str)
"""`key` of an `[[inbox]]` in the settings: `support`."""

MemberKey = NewType("MemberKey", str)
"""A member's short name, lower case, as in `@tanaka`; never reused."""

SubmissionId = NewType("SubmissionId", str)
"""One reply on its way out; made by the client (UUIDv7, hex)."""

CommandKey = NewType("CommandKey", str)
"""The idempotency key of a command (UUIDv7, hex): the same key twice is the same command once."""

CommentId = NewType("CommentId", str)
"""Made by the client (UUIDv7, hex)."""

TemplateKey = NewType("TemplateKey", str)
"""`folder/name` of a template, stable over its versions."""

GroupKey = NewType("GroupKey", str)
"""A group's short name, as in `@billing`; it shares its names with the members, so that a mention means one thing."""

StatusKey = NewType("StatusKey", str)
"""`new`, `in_progress`, …: see `store.domain.status`."""

Seq = NewType("Seq", int)
"""A position in the team's journal: from 1, gapless."""

Revision = NewType("Revision", int)
"""How many events a conversation has seen; 0 before the first."""

MailingId = NewType("MailingId", str)
"""24 hex digits: made from what the mailing consists of, so that beginning the same one again is going on with it."""
