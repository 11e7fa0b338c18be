"""What can be asked for in dialogs, pages and at the prompt: these are keys only, and no names for the command line."""

from tui.view.commands.command import Command, Place

PICKER = frozenset({Place.PICKER, Place.LETTERS})
LETTERS = frozenset({Place.LETTERS})
PAGE = frozenset({Place.PAGE, Place.CHECK})
CHECK = frozenset({Place.CHECK})
MAILINGS = frozenset({Place.MAILINGS})
TEMPLATES = frozenset({Place.TEMPLATES})
HELP = frozenset({Place.HELP})
PROMPT = frozenset({Place.PROMPT})
BESIDE = frozenset({Place.BESIDE})

COMMANDS: tuple[Command, ...] = (
    Command("pick-down", ("down", "ctrl+n"), "the next one", "dialog", PICKER),
    Command("pick-up", ("up", "ctrl+p"), "the one before", "dialog", PICKER),
    Command("pick-leave", ("escape",), "leave", "dialog", PICKER),
    Command("letter-down", ("j",), "the next one, where letters pick", "dialog", LETTERS, like="down"),
    Command("letter-up", ("k",), "the one before, where letters pick", "dialog", LETTERS, like="up"),
    Command("letter-pick", ("enter",), "pick it, where letters pick", "dialog", LETTERS),
    Command("letter-filter", ("/",), "type to filter, where letters pick", "dialog", LETTERS, like="search"),
    Command("page-line-down", ("j", "down", "enter"), "a line down", "page", PAGE, like="down"),
    Command("page-line-up", ("k", "up"), "a line up", "page", PAGE, like="up"),
    Command("page-next", ("space", "pagedown", "ctrl+d"), "a page down", "page", PAGE, like="page-down"),
    Command("page-previous", ("pageup", "ctrl+u"), "a page up", "page", PAGE, like="page-up"),
    Command("page-top", ("g", "home"), "to the top", "page", PAGE),
    Command("page-bottom", ("G", "end"), "to the bottom", "page", PAGE, like="bottom"),
    Command("page-search", ("/",), "search", "page", PAGE, like="search"),
    Command("page-next-match", (">", "n"), "next place that was found", "page", PAGE),
    Command("page-previous-match", ("<", "N"), "previous place that was found", "page", PAGE),
    Command("page-leave", ("escape", "q"), "leave", "page", PAGE),
    Command("approve", ("y",), "approve the reply", "check", CHECK),
    Command("send-back", ("x",), "send the reply back", "check", CHECK),
    Command("write-anew", ("e",), "write the reply anew", "check", CHECK),
    Command("check-comment", ("c",), "comment on the reply", "check", CHECK, like="comment"),
    Command("other-side", ("tab",), "to the conversation, and back", "check", CHECK, like="pane"),
    Command("mailing-down", ("j", "down"), "the next mailing", "mailing", MAILINGS, like="down"),
    Command("mailing-up", ("k", "up"), "the mailing before", "mailing", MAILINGS, like="up"),
    Command("mailing-look", ("v",), "look at three of its mails", "mailing", MAILINGS),
    Command("mailing-approve", ("y",), "approve it", "mailing", MAILINGS),
    Command("mailing-back", ("r",), "send it back, or ask again", "mailing", MAILINGS),
    Command("mailing-begin", ("b",), "begin", "mailing", MAILINGS),
    Command("mailing-pause", ("p",), "pause, or resume", "mailing", MAILINGS),
    Command("mailing-end", ("x",), "end it for good", "mailing", MAILINGS),
    Command("mailing-leave", ("escape", "q"), "leave", "mailing", MAILINGS),
    Command("template-down", ("down", "ctrl+n"), "the next template", "template", TEMPLATES),
    Command("template-up", ("up", "ctrl+p"), "the template before", "template", TEMPLATES),
    Command("template-page-down", ("pagedown",), "eight templates on", "template", TEMPLATES),
    Command("template-page-up", ("pageup",), "eight templates back", "template", TEMPLATES),
    Command("template-folder", ("tab",), "the next folder", "template", TEMPLATES),
    Command("template-folder-back", ("shift+tab",), "the folder before", "template", TEMPLATES),
    Command("template-leave", ("escape",), "leave", "template", TEMPLATES),
    Command("help-down", ("down", "ctrl+n"), "a line down", "help", HELP),
    Command("help-up", ("up", "ctrl+p"), "a line up", "help", HELP),
    Command("help-page-down", ("pagedown", "ctrl+d"), "a page down", "help", HELP),
    Command("help-page-up", ("pageup", "ctrl+u"), "a page up", "help", HELP),
    Command("help-leave", ("escape", "q"), "leave (q where nothing is typed)", "help", HELP),
    Command("complete", ("tab",), "complete what was typed", "prompt", PROMPT),
    Command("complete-back", ("shift+tab",), "what was offered before", "prompt", PROMPT),
    Command("history-back", ("up", "ctrl+p"), "what was typed before", "prompt", PROMPT),
    Command("history-on", ("down", "ctrl+n"), "what was typed after it", "prompt", PROMPT),
    Command("prompt-leave", ("escape",), "leave", "prompt", PROMPT),
    Command("beside-down", ("j", "down"), "a line down", "beside", BESIDE, like="down"),
    Command("beside-up", ("k", "up"), "a line up", "beside", BESIDE, like="up"),
    Command("beside-page-down", ("space", "pagedown", "ctrl+d"), "a page down", "beside", BESIDE, like="page-down"),
    Command("beside-page-up", ("pageup", "ctrl+u"), "a page up", "beside", BESIDE, like="page-up"),
    Command("beside-top", ("g", "home"), "to the top", "beside", BESIDE),
    Command("beside-bottom", ("G", "end"), "to the bottom", "beside", BESIDE, like="bottom"),
    Command("beside-select", ("v", "V"), "select lines from here", "beside", BESIDE),
    Command("beside-take", ("enter",), "quote these lines, or the message", "beside", BESIDE),
)
