"""What a story of the sample day is: who wrote when, and what was answered."""

from dataclasses import dataclass

SUPPORT = "support@example.jp"
SHOP_JA = "みどり金物店 お客様窓口 <support@example.jp>"
SHOP_EN = "Midori Hardware Support <support@example.jp>"


@dataclass(frozen=True)
class Turn:
    """A later mail of a story. `by` names the colleague who answered; "": the customer wrote again."""

    hours_ago: float
    text: str
    by: str = ""


@dataclass(frozen=True)
class Story:
    """A conversation as it lies in the mailbox when the desk opens."""

    who: str
    """`Name <address>`."""
    subject: str
    hours_ago: float
    text: str
    form: str = "utf-8"
    later: tuple[Turn, ...] = ()
    files: tuple[str, ...] = ()
    """Names of attachments; their content is made up."""
    extra: tuple[str, ...] = ()
    """Further header lines."""
