"""Leaving the composer: the text stays as a draft, or is thrown away."""

from tui.screens.composer_port import Writer
from tui.words import _


async def leave(writer: Writer) -> None:
    """Back to the desk; the text stays as a draft. Out of the conversation, or with addresses offered, back to the text only."""
    if writer.fields.offers.close():
        return
    if writer.context.has_focus:
        writer.body.focus()
        return
    await _leave(writer, discard=False)


async def discard(writer: Writer) -> None:
    """Back to the desk; the text is gone, unless `u` brings it back."""
    await _leave(writer, discard=True)


async def _leave(writer: Writer, *, discard: bool) -> None:
    if writer.sending.is_busy:
        # Whoever reads "kept" would send it a second time.
        writer.say(_("The reply is on its way; one moment."))
        return
    kept = writer.composing.has_text and not discard
    await writer.composing.leave(discard=discard)
    words = (
        _("Thrown away; {undo} brings it back.").format(undo=writer.composing.session.undo_key)
        if writer.composing.thrown_away
        else _("Kept as a draft.")
        if kept
        else None
    )
    writer.close(writer.composing.parting_words or words)
