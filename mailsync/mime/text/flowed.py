"""format=flowed text joined into paragraphs again (RFC 3676)."""


def unflow(text: str, *, delsp: bool) -> str:
    """Join flowed lines; `delsp`: the space that ends a flowed line is not part of the text (Japanese and Chinese senders set it)."""
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        # Most lines are no quotation, and there may be millions: what most need not have, they do not pay for.
        depth = len(line) - len(line.lstrip(">")) if line[:1] == ">" else 0
        content = (line[depth:] if depth else line).removeprefix(" ")
        signature = content == "-- "
        flows = content[-1:] == " " and not signature
        kept = content[:-1] if flows and delsp else content
        if open_depth == depth and not signature:
            out[-1].append(kept)
        else:
            out.append([">" * depth + (" " if depth and content else ""), kept])
        open_depth = depth if flows else None
    return "\n".join("".join(pieces) for pieces in out)
