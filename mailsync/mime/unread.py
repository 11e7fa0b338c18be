"""What stands in place of bytes that are no mail, and why: sentences of ours."""

EMPTY = "This message could not be parsed: it is empty."
NO_FIELDS_OF_A_MAIL = "This message could not be parsed: none of its header fields is one of a mail's. Its raw source is all there is."
NO_FIELDS = "This message could not be parsed: it has no header fields. Its raw source is all there is."
UNREAD = (EMPTY, NO_FIELDS_OF_A_MAIL, NO_FIELDS)
