"""What a leader asks for about the house's list of words."""

import msgspec

from store.domain.house_words import HouseWord


class SaveWords(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """Put words onto the list, change them, or take them off it (`removed`); those not named stay as they are."""

    words: tuple[HouseWord, ...]
