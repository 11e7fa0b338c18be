"""What the people of the simulation ask for about the team itself: its statuses, groups, absences and templates."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import (
    RetireGroup,
    RetireStatus,
    SaveCheckPolicy,
    SaveField,
    SaveGroup,
    SaveStatus,
    SaveTemplate,
    SaveWords,
    SetAbsence,
    TeamCommand,
    WithdrawTemplate,
)
from store.domain.field_values import FieldOf, FieldValue
from store.domain.groups import Group
from store.domain.house_words import HouseWord
from store.domain.ids import GroupKey, MemberKey, StatusKey, TemplateKey
from store.domain.status import Category, Status
from store.domain.template import Template

OWN_STATUSES = (StatusKey("interim"), StatusKey("third_party"))
GROUPS = (GroupKey("g1"), GroupKey("g2"))
TEMPLATES = (TemplateKey("thanks"), TemplateKey("wait"))
LETTERS = "XYZ"


def own_template(member: MemberKey) -> TemplateKey:
    """A template of a member's own, of which nobody else is told."""
    return TemplateKey(f"~{member}/thanks")


def about_the_team(dice: random.Random, members: tuple[MemberKey, ...], me: MemberKey, now: datetime) -> TeamCommand:
    """One of all kinds, as leaders and others may ask for it."""

    def status() -> TeamCommand:
        key = dice.choice((*OWN_STATUSES, *OWN_STATUSES, StatusKey("done")))
        category = dice.choice((Category.OPEN, Category.WAITING))
        return SaveStatus(Status(key, category, f"{key}の", dice.choice((key, "other")), dice.choice(LETTERS), dice.randrange(100)))

    def group() -> TeamCommand:
        named = (*members, MemberKey("nobody"))
        return SaveGroup(Group(dice.choice(GROUPS), dice.choice(("請求", "")), tuple(dice.sample(named, 2))))

    def absence() -> TeamCommand:
        until = dice.choice((None, now + timedelta(minutes=dice.choice((-5, 20, 300, 300)))))
        return SetAbsence(dice.choice(members), until, dice.choice((None, *members)))

    def template() -> TeamCommand:
        body, person = dice.choice(("ありがとうございます", "承りました", "")), dice.choice((None, None, None, me))
        key = dice.choice(TEMPLATES) if person is None else own_template(person)
        return SaveTemplate(Template(key, "お礼", body, person=person), dice.choice((None, None, None, 0, 1)))

    def field() -> TeamCommand:
        belongs = dice.choice((FieldOf.TEAM, FieldOf.MEMBER))
        return SaveField(FieldValue("内線", dice.choice(("123", "456", "")), belongs, "" if belongs is FieldOf.TEAM else dice.choice(members)))

    def policy() -> TeamCommand:
        rules = tuple(CheckRule("some", stages=dice.choice((1, 1, 2, 4)), members=(dice.choice(members[1:4]),)) for _ in range(dice.randrange(2)))
        return SaveCheckPolicy(CheckPolicy(rules, tuple(dice.sample(members[:5], 3))))

    kinds: tuple[Callable[[], TeamCommand], ...] = (
        status,
        status,
        group,
        absence,
        absence,
        absence,
        absence,
        template,
        template,
        field,
        policy,
        lambda: RetireStatus(dice.choice(OWN_STATUSES)),
        lambda: RetireGroup(dice.choice((*GROUPS, GroupKey("none")))),
        lambda: RetireGroup(dice.choice(GROUPS)),
        lambda: WithdrawTemplate(dice.choice(TEMPLATES)),
        lambda: SaveWords((HouseWord("絶対に", dice.choice(("error", "warning")), removed=dice.random() < 0.3),)),
    )
    return dice.choice(kinds)()
