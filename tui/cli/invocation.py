"""What every verb gets: the home it works on, and the way it speaks."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from tui.cli.output import Output


@dataclass
class Invocation:
    """One call of `mado`; `json` is set by the verb's own `--json`."""

    explicit_home: Path | None
    json: bool = False
    output: Output = field(default_factory=lambda: Output(json=False))

    @cached_property
    def home(self) -> Path:
        """`--home`, else `$MADO_HOME`, else the XDG folders."""
        from store.settings.home import home_folder  # start-up cost: `eml` needs no home

        return home_folder(self.explicit_home)


def _speak_json(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - click's callback
    if value:
        invocation = context.find_object(Invocation)
        assert invocation is not None
        invocation.json = True
        invocation.output = Output(json=True)
    return value


def _json_option() -> click.Option:
    return click.Option(["--json"], is_flag=True, expose_value=False, callback=_speak_json, help="One JSON object a line on stdout.")


class Verb(click.Command):
    """A command that knows `--json`. Its function takes the `Invocation` (`@click.pass_obj`) and returns an exit code or None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_json_option())


class VerbGroup(click.Group):
    """A verb with further words behind it that also does something alone; `--json` may stand before or behind the word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"invoke_without_command": True}))
        self.params.append(_json_option())
