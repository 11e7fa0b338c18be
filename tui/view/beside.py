"""What stands beside the mail that is read."""

from enum import StrEnum


class Beside(StrEnum):
    """One of these at a time."""

    COMMENTS = "comments"
    TIMELINE = "timeline"
    CUSTOMER = "customer"
