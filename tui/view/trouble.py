"""What went wrong, in one sentence for the agent."""

from store.domain.query_tree import QueryError
from store.errors import BadInput, CannotReach, MadoError, NotPermitted
from tui.view.gate import clean
from tui.view.overheard import in_own_words
from tui.view.query_words import query_error_words
from tui.words import _


def problem_words(error: MadoError) -> str:
    """The error's own sentence, in the agent's language where it is known, through the gate: a server's words may stand in it."""
    return clean(in_own_words(str(error)))


def trouble_words(error: MadoError) -> str:
    """The error's own sentence behind what it means for the agent."""
    sentence = problem_words(error)
    match error:
        case CannotReach():
            return _("Could not be reached; nothing is lost. {sentence}").format(sentence=sentence)
        case NotPermitted():
            return _("Not permitted. {sentence}").format(sentence=sentence)
        case QueryError():
            words = query_error_words(error)
            return _("Not understood, at character {n} of the search: {problem}").format(n=error.position + 1, problem=words)
        case BadInput():
            return _("Nothing was changed. {sentence}").format(sentence=sentence)
        case _other:
            return sentence
