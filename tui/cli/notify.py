"""`mado notify`: how the terminal calls this person."""

import click

from tui.cli.invocation import Invocation, Verb
from tui.view.wishes import Level, changed, usage, wishes_words
from tui.wished import keep_wishes, wishes_of
from tui.words import _


@click.command("notify", cls=Verb, context_settings={"ignore_unknown_options": True})
@click.argument("wish", metavar="[WISH]...", nargs=-1)
@click.pass_obj
def notify(invocation: Invocation, wish: tuple[str, ...]) -> int:
    """Say how you want to be called: bell, osc9, osc777, osc99, off; mention off; quiet 22:00-7:00. Alone it shows how it is."""
    wishes = wishes_of(invocation.home)
    if wish:
        wished = changed(wishes, " ".join(wish))
        if wished is None:
            raise click.UsageError(_("that is no wish; it is one of: {usage}").format(usage=" ; ".join(usage())))
        wishes = wished
        keep_wishes(invocation.home, wishes)
    invocation.output.row(
        {
            "ways": list(wishes.ways),
            "levels": {level: level in wishes.levels for level in Level},
            "views": list(wishes.views),
            "quiet": None if wishes.quiet is None else [f"{at:%H:%M}" for at in wishes.quiet],
            "title": wishes.title,
            "tmux": wishes.tmux,
        },
        wishes_words(wishes),
    )
    return 0
