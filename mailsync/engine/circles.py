"""How often a process that does nothing but bring mail in looks for circles of objects: there are hardly any, and to look costs."""

import gc

YOUNG = 50_000
"""Objects until the youngest are looked through. By default it is 700, some of one mail, and each time they are all still in use: of a first
pull that was a twentieth."""


def look_seldom() -> None:
    """From now on. What was imported so far is never looked through."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
