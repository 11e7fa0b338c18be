"""The rules about the house's list of words."""

from store.domain.context import Context
from store.domain.events import TeamEvent, WordSaved
from store.domain.house_words import MOST_AT_ONCE, HouseWord, problem_of, tidied
from store.domain.refusals import Malformed, NotAllowed, Refusal
from store.domain.word_commands import SaveWords


def save_words(command: SaveWords, context: Context) -> tuple[TeamEvent, ...] | Refusal:
    """All of them or none. A leader of some inboxes keeps only what counts there; a word that is not on the list is not taken off it."""
    if len(command.words) > MOST_AT_ONCE:
        return Malformed(f"at most {MOST_AT_ONCE} words at once")
    wanted = {word.key: word for word in map(tidied, command.words)}
    for word in wanted.values():
        if (problem := problem_of(word)) is not None:
            return Malformed(problem)
        if context.actor.inboxes and word.inbox not in context.actor.inboxes:
            return NotAllowed("inbox")
        if word.inbox and context.inboxes is not None and word.inbox not in context.inboxes:
            return Malformed(f"there is no inbox `{word.inbox}`")
    return tuple(WordSaved(word) for word in wanted.values() if _changes(word, context))


def _changes(word: HouseWord, context: Context) -> bool:
    old = context.team.words.get(word.key)
    if word.removed:
        return old is not None and not old.removed
    return word != old
