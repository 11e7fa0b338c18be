"""Templates: whose they are, which version may be sent, and who is told of what."""

import pytest
from msgspec.structs import replace

from store.domain.commands import SaveField, SaveTemplate, WithdrawTemplate
from store.domain.context import Context
from store.domain.events import FieldSaved, Recorded, TemplateSaved
from store.domain.field_values import FieldOf, FieldValue
from store.domain.groups import Group
from store.domain.hearing import as_told, facts_of, templates_of
from store.domain.refusals import Malformed, NameTaken, NotAllowed, TemplateOutdated, TemplateWithdrawn, UnknownGroup, UnknownInbox, UnknownMember
from store.domain.team import decide_team
from store.domain.team_facts import TeamFacts, folded
from store.domain.template import Inserted, Template, TemplateRef, folder_of, may_insert, own_key, still_used
from store.domain.used_templates import stopped_by_template
from tests.domain.play import GUEST, MORI, SATO, START, TANAKA

SORRY = Template("返信/お詫び", "お詫び", "申し訳ございません。")
OWN = Template(own_key("sato", "癖"), "癖", "佐藤です。", person="sato")
TEAM = TeamFacts(groups={"billing": Group("billing", "請求", ("tanaka",))})


def asked(actor, command, known=(), team=TEAM):
    context = Context(actor=actor, now=START, team=team, members=frozenset({"sato", "tanaka"}), inboxes=frozenset({"support"}))
    return decide_team(command, {one.key: one for one in known}, context)


def recorded(event):
    return Recorded(1, START, "sato", None, event)


# Whose they are.


def test_a_persons_own_template_is_told_to_nobody_else():
    said = recorded(TemplateSaved(OWN))
    assert as_told(said, None, (), "sato") == said
    assert as_told(said, None, (), "tanaka") is None
    assert as_told(said, None, ("support",), None) is None
    assert templates_of((SORRY, OWN), (), "tanaka") == (SORRY,)
    assert templates_of((SORRY, OWN), ("support",), "sato") == (SORRY, OWN)


def test_nobody_makes_or_changes_a_template_of_another_person():
    assert asked(SATO, SaveTemplate(OWN)) == (TemplateSaved(OWN),)
    assert asked(TANAKA, SaveTemplate(OWN)) == NotAllowed("author")
    assert asked(MORI, WithdrawTemplate(OWN.key), (OWN,)) == NotAllowed("author")


@pytest.mark.parametrize("wrong", [replace(OWN, person=None), replace(SORRY, person="sato"), replace(OWN, key=own_key("tanaka", "癖"))])
def test_an_own_template_and_one_of_the_team_never_share_a_key(wrong):
    assert isinstance(asked(SATO, SaveTemplate(wrong)), Malformed)


def test_a_groups_template_is_kept_by_its_members_and_leaders():
    theirs = replace(SORRY, groups=("billing",))
    assert asked(SATO, SaveTemplate(theirs)) == NotAllowed("leader")
    assert asked(SATO, SaveTemplate(SORRY), (theirs,)) == NotAllowed("leader")
    assert asked(TANAKA, SaveTemplate(theirs)) == asked(MORI, SaveTemplate(theirs)) == (TemplateSaved(theirs),)
    assert asked(MORI, SaveTemplate(replace(SORRY, groups=("none",)))) == UnknownGroup("none")


def test_who_may_insert_it_is_said_by_inbox_group_and_person():
    assert may_insert(SORRY, "support", "sato", ())
    assert not may_insert(replace(SORRY, withdrawn=True), "support", "sato", ())
    assert not may_insert(replace(SORRY, inboxes=("sales",)), "support", "sato", ())
    assert not may_insert(replace(SORRY, groups=("billing",)), "support", "sato", ())
    assert may_insert(replace(SORRY, groups=("billing",)), "support", "tanaka", ("billing",))
    assert not may_insert(OWN, "support", "tanaka", ())


# Versions.


def test_what_was_made_from_an_older_version_overwrites_nothing():
    newer = replace(SORRY, version=3, body="深くお詫びします。")
    stale = SaveTemplate(replace(SORRY, body="すみません。"), over=2)
    assert asked(SATO, stale, (newer,)) == TemplateOutdated(SORRY.key, "お詫び", 2, 3)
    assert asked(SATO, SaveTemplate(SORRY, over=0), (newer,)) == TemplateOutdated(SORRY.key, "お詫び", 0, 3)
    (saved,) = asked(SATO, replace(stale, over=3), (newer,))
    assert saved.template.version == 4


def test_a_reply_leaves_with_the_newest_version_or_not_at_all():
    newest = replace(SORRY, version=2)
    assert stopped_by_template((TemplateRef(SORRY.key, 2),), {SORRY.key: newest}) is None
    assert stopped_by_template((TemplateRef(SORRY.key, 1),), {SORRY.key: newest}) == TemplateOutdated(SORRY.key, "お詫び", 1, 2)
    gone = replace(newest, withdrawn=True, version=3)
    assert stopped_by_template((TemplateRef(SORRY.key, 3),), {SORRY.key: gone}) == TemplateWithdrawn(SORRY.key, "お詫び")
    assert isinstance(stopped_by_template((TemplateRef("none", 1),), {}), Malformed)


def test_a_template_whose_text_was_deleted_again_was_not_used():
    put_in = Inserted(SORRY.key, 1, "申し訳ございません。\n\n以上")
    assert still_used((put_in,), "山田様\n\n 申し訳ございません。\n") == (put_in,)
    assert still_used((put_in,), "山田様\n\nすみません。\n") == ()


# Keys, names, folders.


def test_a_hot_key_means_one_template():
    keyed = replace(SORRY, hot_key="ow")
    assert asked(SATO, SaveTemplate(replace(SORRY, key="b", name="別", hot_key="ow")), (keyed,)) == NameTaken("hot_key", "お詫び")
    assert asked(SATO, SaveTemplate(replace(OWN, hot_key="ow")), (keyed,)) == (TemplateSaved(replace(OWN, hot_key="ow")),)
    assert isinstance(asked(SATO, SaveTemplate(replace(SORRY, hot_key="大"))), Malformed)


def test_the_folder_is_what_the_key_says_until_it_is_moved():
    assert folder_of(SORRY) == ("返信",)
    assert folder_of(replace(OWN, key=own_key("sato", "a/癖"))) == ("a",)
    assert folder_of(replace(SORRY, folder=("x", "y"))) == ("x", "y")
    assert folder_of(replace(SORRY, folder=())) == ()


@pytest.mark.parametrize("folder", [("a/b",), ("",), (" a",), ("a\n",), ("f",) * 9])
def test_a_folder_that_no_file_system_has_is_refused(folder):
    assert isinstance(asked(SATO, SaveTemplate(replace(SORRY, folder=folder))), Malformed)


# Fields of the team's own.


def test_values_of_fields_fold_and_an_empty_one_is_gone():
    phone = FieldValue("内線", "1234", FieldOf.MEMBER, "sato")
    assert asked(SATO, SaveField(phone)) == (FieldSaved(phone),)
    facts = folded([FieldSaved(phone)])
    assert facts.fields == {phone.id: phone}
    assert asked(SATO, SaveField(phone), team=facts) == ()
    assert folded([FieldSaved(phone), FieldSaved(replace(phone, value=""))]).fields == {}


@pytest.mark.parametrize(
    ("actor", "field", "refusal"),
    [
        (TANAKA, FieldValue("内線", "1", FieldOf.MEMBER, "sato"), NotAllowed("leader")),
        (GUEST, FieldValue("営業時間", "9時から"), NotAllowed("leader")),
        (replace(SATO, inboxes=("support",)), FieldValue("営業時間", "9時から"), NotAllowed("inbox")),
        (SATO, FieldValue("電話", "03", FieldOf.INBOX, "none"), UnknownInbox("none")),
        (MORI, FieldValue("内線", "1", FieldOf.MEMBER, "gone"), UnknownMember("gone")),
    ],
)
def test_a_field_is_kept_by_those_whose_it_is(actor, field, refusal):
    assert asked(actor, SaveField(field)) == refusal


@pytest.mark.parametrize(
    "field",
    [
        FieldValue("a|b", "x"),
        FieldValue("x", "{{agent}}"),
        FieldValue("customer", "x"),
        FieldValue("休業日", "大晦日"),
        FieldValue("company", "x", FieldOf.DOMAIN, "no domain"),
        FieldValue("x", "y", FieldOf.TEAM, "sato"),
    ],
)
def test_a_field_that_could_not_be_merged_is_refused(field):
    assert isinstance(asked(SATO, SaveField(field)), Malformed)


def test_fields_of_an_inbox_are_told_where_it_is_seen():
    event = FieldSaved(FieldValue("電話", "03", FieldOf.INBOX, "sales"))
    assert as_told(recorded(event), None, ("support",)) is None
    assert as_told(recorded(event), None, ("sales",)) == recorded(event)
    assert facts_of((event,), ("support",)) == ()
    assert facts_of((event,), ()) == (event,)
