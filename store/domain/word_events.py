"""What became of the house's list of words."""

from store.domain.event import Event
from store.domain.house_words import HouseWord


class WordSaved(Event, frozen=True, tag=True):
    """A word came onto the list, or changed, or was taken off it (`removed`)."""

    word: HouseWord
