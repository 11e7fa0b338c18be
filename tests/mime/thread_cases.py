"""Mails as they really answer each other, each case with the conversations they make. A letter is its Message-ID's local part."""

from typing import NamedTuple


class Case(NamedTuple):
    """`mails`: the Message-ID's local part and other header lines of each. `threads`: which belong together."""

    name: str
    mails: tuple[tuple[str, str], ...]
    threads: tuple[str, ...]


def case(name: str, threads: str, **mails: str) -> Case:
    return Case(name, tuple(mails.items()), tuple(threads.split()))


JIRA = "JIRA.13275873.1576700000000"

CASES = (
    case("one mail", "a", a=""),
    case("two mails that have nothing to do with each other", "a b", a="", b=""),
    case("an answer with References and In-Reply-To", "ab", a="", b="References: <a@x>\r\nIn-Reply-To: <a@x>"),
    case("an answer with In-Reply-To only", "ab", a="", b="In-Reply-To: <a@x>"),
    case("a whole chain", "abc", a="", b="References: <a@x>", c="References: <a@x> <b@x>"),
    case("two answers to a mail nobody has", "bc", b="References: <a@x>", c="In-Reply-To: <a@x>"),
    case("two that share an ancestor nobody has in the middle", "bc", b="References: <r@x> <m@x>", c="References: <s@x> <m@x>"),
    case("an answer without References to one with them", "abc", a="", b="References: <a@x>", c="In-Reply-To: <b@x>"),
    case("an answer whose parent names another root", "bc", b="References: <r@x>", c="In-Reply-To: <b@x>"),
    case("the middle of three is missing", "ac", a="", c="References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>"),
    case("the root is missing and the chain was cut to its parent", "bcd", b="References: <a@x>", c="References: <b@x>", d="References: <c@x>"),
    case("a relay cut the middle out", "abd", a="", b="References: <a@x>", d="References: <a@x> <c@x>"),
    case("only the last of a long chain was kept", "ab", a="References: <r@x> <p@x>", b="References: <a@x>"),
    case("References were reversed", "abc", a="", b="References: <a@x>", c="References: <b@x> <a@x>"),
    case("In-Reply-To names several", "abc", a="", b="", c="In-Reply-To: <a@x> <b@x>"),
    case("In-Reply-To names one that References do not", "abc", a="", b="", c="References: <a@x>\r\nIn-Reply-To: <b@x>"),
    case("a digest that answers two joins both", "abc", a="", b="", c="References: <a@x> <b@x>"),
    case("a circle of two", "ab", a="In-Reply-To: <b@x>", b="In-Reply-To: <a@x>"),
    case("a circle of three", "abc", a="References: <b@x>", b="References: <c@x>", c="References: <a@x>"),
    case("a mail that names itself", "a", a="In-Reply-To: <a@x>"),
    case("a mail that names itself and another", "ab", a="", b="References: <b@x> <a@x>"),
    case("ids separated by commas", "abc", a="", b="", c="References: <a@x>,<b@x>"),
    case("ids separated by commas without brackets", "abc", a="", b="", c="References: a@x, b@x"),
    case("an id without its brackets between others", "abc", a="", b="", c="References: <a@x> b@x"),
    case("an id that lost its closing bracket", "abc", a="", b="", c="References: <a@x <b@x>"),
    case("an id that lost its opening bracket", "abc", a="", b="", c="References: a@x> <b@x>"),
    case("two ids in one pair of brackets", "abc", a="", b="", c="References: <a@x b@x>"),
    case("an id folded inside", "ab", a="", b="References: <a\r\n @x>"),
    case("an id folded after its bracket", "ab", a="", b="References: <\r\n\ta@x\r\n >"),
    case("no blank between two ids", "abc", a="", b="", c="References: <a@x><b@x>"),
    case("References twice", "abc", a="", b="", c="References: <a@x>\r\nReferences: <b@x>"),
    case("References in an encoded word", "ab", a="", b="References: =?utf-8?q?=3Ca=40x=3E?="),
    case("In-Reply-To is a phrase with an id", "ab", a="", b='In-Reply-To: Message of "Mon, 1 Jan 2024" from bob@x <a@x>'),
    case(
        "In-Reply-To is a phrase with an address only", "b c", b="In-Reply-To: bob@x's message of Monday", c="In-Reply-To: bob@x's message of Friday"
    ),
    case(
        "In-Reply-To is the address written to, as some programs have it",
        "a b",
        a="From: ken@c.test\r\nTo: support@example.jp\r\nIn-Reply-To: <support@example.jp>",
        b="From: aya@d.test\r\nTo: support@example.jp\r\nIn-Reply-To: <Support@example.jp>",
    ),
    case("In-Reply-To is null", "a b", a="In-Reply-To: <null>", b="In-Reply-To: <NULL>\r\nReferences: <undefined>"),
    case("In-Reply-To is empty", "a b", a="In-Reply-To: <>", b="In-Reply-To: <>"),
    case("the Message-ID has no brackets", "ab", a="", b="Message-ID: b@x\r\nReferences: <a@x>"),
    case("the Message-ID is followed by a remark", "ab", a="Message-ID: <a@x> (added by mx@relay)", b="References: <a@x>"),
    case("a list gave it another id and kept the first", "lb", l="X-Original-Message-ID: <a@x>", b="In-Reply-To: <a@x>"),
    case("Google gave our mail another id", "gb", g="X-Google-Original-Message-ID: <a@x>", b="References: <g@x>"),
    case(
        "Exchange gave our mail another id, and both are answered",
        "mbc",
        m="X-Microsoft-Original-Message-ID: <a@x>",
        b="References: <a@x>",
        c="References: <m@x>",
    ),
    case("the copy of a list and the mail itself", "al", a="", l="X-Original-Message-ID: <a@x>"),
    case("a mail that was sent on as it was", "ab", a="", b="Resent-Message-ID: <r@x>\r\nReferences: <a@x>"),
    case(
        "what Jira sends without naming the issue's mail",
        "jk",
        j=f"Message-ID: <{JIRA}.178.1576700160012@Atlassian.JIRA>",
        k=f"Message-ID: <{JIRA}.311.1576700990001@Atlassian.JIRA>",
    ),
    case(
        "an answer to what Jira sent, and the issue's next mail",
        "bk",
        b=f"References: <{JIRA}.178.1@Atlassian.JIRA>",
        k=f"Message-ID: <{JIRA}.311.2@Atlassian.JIRA>",
    ),
    case(
        "two issues of Jira",
        "j k",
        j="Message-ID: <JIRA.1.1576700000000.1.1@Atlassian.JIRA>",
        k="Message-ID: <JIRA.2.1576700000000.1.1@Atlassian.JIRA>",
    ),
    case("a forward that names what it forwards stays with it", "af", a="", f="Subject: Fwd: x\r\nReferences: <a@x>\r\nIn-Reply-To: <a@x>"),
    case("a forward that names nothing starts something new", "a f", a="Subject: x", f="Subject: Fwd: x"),
    case("the same subject and sender are no reason", "a b", a="From: ken@c.test\r\nSubject: Order", b="From: ken@c.test\r\nSubject: Re: Order"),
    case("Thread-Index alone joins nothing where nobody is known", "a b", a=f"Thread-Index: {'A' * 30}", b=f"Thread-Index: {'A' * 30}"),
    case("a bounce names the mail that came back", "ab", a="", b="Return-Path: <>\r\nReferences: <a@x>"),
    case("ids that differ in case are two", "a b", a="", b="References: <A@x>"),
    case("a name in kanji inside an id", "bc", b="References: <注文@x>", c="References: <注文@x>"),
)
