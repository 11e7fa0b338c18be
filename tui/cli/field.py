"""`mado field`: the merge fields of the team's own, and their values."""

import click

from store.domain.commands import SaveField
from store.domain.field_values import FieldOf, FieldValue
from tui.cli.agreed import give
from tui.cli.hit_shapes import Shape
from tui.cli.invocation import Invocation, Verb, VerbGroup
from tui.cli.level import catch_up_briefly
from tui.cli.team import opened_store
from tui.view.gate import clean
from tui.words import _


def field_shape(field: FieldValue) -> Shape:
    """A line of `mado field`."""
    return {"name": field.name, "value": field.value, "belongs": str(field.belongs), "of": field.of or None}


@click.group(cls=VerbGroup)
@click.pass_context
def field(context: click.Context) -> None:
    """List the team's own merge fields with their values."""
    if context.invoked_subcommand is None:
        _list(context.obj)


@field.command("list", cls=Verb)
@click.pass_obj
def list_fields(invocation: Invocation) -> None:
    """List the team's own merge fields with their values."""
    _list(invocation)


def _list(invocation: Invocation) -> None:
    with opened_store(invocation.home) as store:
        catch_up_briefly(invocation.home, store, invocation.output)
        for one in sorted(store.team().fields.values(), key=lambda one: (one.name, one.belongs, one.of)):
            whose = f"{one.belongs}:{clean(one.of)}" if one.of else str(one.belongs)
            invocation.output.row(field_shape(one), f"{{{{{clean(one.name)}}}}}  {whose}  {clean(one.value)}")


@field.command("set", cls=Verb)
@click.argument("name")
@click.argument("value")
@click.option("--inbox", default="", help="Its value in replies from this inbox.")
@click.option("--member", default="", help="Its value in this member's replies.")
@click.option("--domain", default="", help="Its value for customers whose address is in this domain: --domain example.jp.")
@click.pass_obj
def set_field(invocation: Invocation, name: str, value: str, inbox: str, member: str, domain: str) -> int:
    """Give a merge field a value, for the team or for what is named; an empty value takes it away."""
    named = [(FieldOf.INBOX, inbox), (FieldOf.MEMBER, member.removeprefix("@").lower()), (FieldOf.DOMAIN, domain)]
    chosen = [(belongs, of) for belongs, of in named if of]
    if len(chosen) > 1:
        raise click.UsageError(_("name one of --inbox, --member and --domain"))
    belongs, of = chosen[0] if chosen else (FieldOf.TEAM, "")
    return give(invocation, SaveField(FieldValue(name, value, belongs, of)), name)
