"""Writing a mail, in the composer."""

from tui.view.commands.command import COMPOSER, Command

COMMANDS: tuple[Command, ...] = (
    Command("send", ("ctrl+s",), "send", "write", COMPOSER),
    Command("send-later", (), "send, to leave at a time of your choice", "write", COMPOSER),
    Command("template", ("ctrl+t",), "insert a template", "write", COMPOSER),
    Command("short-code", (), "insert a template by short code (;code Tab)", "write", COMPOSER),
    Command("check", ("f7",), "check it now, before it is sent", "write", COMPOSER),
    Command("request-check", ("ctrl+r",), "ask for a check", "write", COMPOSER),
    Command("editor", ("ctrl+e",), "write in $EDITOR", "write", COMPOSER),
    Command("attach-file", ("ctrl+o",), "attach a file", "write", COMPOSER),
    Command("attach-received", (), "attach what came with a mail", "write", COMPOSER),
    Command("detach", (), "take an attachment off", "write", COMPOSER),
    Command("bcc", (), "a field for Bcc", "write", COMPOSER),
    Command("from", (), "another address it is from", "write", COMPOSER),
    Command("receipt", (), "ask to be told when it is opened, or not", "write", COMPOSER),
    Command("delivered", (), "ask to be told when it has arrived, or not", "write", COMPOSER),
    Command("quoting", (), "where a reply stands to its quotation", "write", COMPOSER),
    Command("find-in-text", ("ctrl+f",), "search in the text; Enter alone goes on", "write", COMPOSER),
    Command("conversation", ("ctrl+p",), "into the conversation, to quote lines of it", "write", COMPOSER),
    Command("conversation-down", ("alt+down",), "scroll the conversation down", "write", COMPOSER),
    Command("conversation-up", ("alt+up",), "scroll the conversation up", "write", COMPOSER),
    Command("quote", (), "quote the message that is answered, here", "write", COMPOSER),
    Command("more", ("ctrl+g", "f1"), "everything that works here", "write", COMPOSER),
    Command("leave", ("escape",), "leave; text is kept as a draft", "write", COMPOSER),
    Command("discard", ("ctrl+k",), "throw the draft away", "write", COMPOSER),
)
