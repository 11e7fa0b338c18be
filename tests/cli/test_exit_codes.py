"""The exit codes scripts depend on, and one sentence for the person."""

import json
import socket
import subprocess
from pathlib import Path

import pytest
from server_process import free_port

from mailsync.link.address import Invitation
from store.domain.refusals import SomethingNew
from store.settings.secrets import Secret, Secrets
from tests.cli.home import MADO, PASSWORD, Home, quiet
from tui.cli.main import VERBS, run


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def with_server(home: Home, url: str) -> None:
    path = home.path / "settings.toml"
    path.write_text(f'[server]\nurl = "{url}"\n' + path.read_text())


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["list", "--nonsense"], ["take"], ["urgency", "x", "immense"], ["sync"], ["reply", "x", "--wait"]]
)
def test_a_wrong_command_line_is_two(home: Home, arguments: list[str]) -> None:
    said = home.mado(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ('[[inbox]]\nkey = "a"\naddress = "a@example.jp"\n[inbox.imap]\nhost = "h"\nport = "993"\n', "port"),
        ("[server]\ncolour = 1\n", "colour"),
        ("this is no toml", "TOML"),
        ('[server]\nurl = "nowhere"\n', "url"),
    ],
)
@pytest.mark.parametrize("verb", [["list"], ["sync", "--once"], ["take", "x"], ["doctor"]])
def test_settings_that_cannot_be_used_are_five_and_named(home: Home, settings: str, key: str, verb: list[str]) -> None:
    (home.path / "settings.toml").write_text(settings)
    said = home.mado(*verb)
    assert said.code == 5, said
    assert key in said.err + said.out
    assert "Traceback" not in said.err


def test_a_server_that_is_away_is_three_for_what_needs_it_and_no_matter_for_what_does_not(home: Home) -> None:
    home.receives(subject="Order 4711")
    with_server(home, f"http://127.0.0.1:{free_port()}")
    id_ = home.first()["id"]
    assert home.mado("list").code == 0
    assert "stored here" in home.mado("list").err
    for verb in (["take", id_], ["comment", id_, "x"], ["outbox"], ["doctor"]):
        said = home.mado(*verb)
        assert said.code == 3, (verb, said)
        assert "Traceback" not in said.err


def test_a_reply_sent_while_the_server_is_away_is_queued_here(home: Home) -> None:
    home.receives(subject="Order 4711")
    with_server(home, f"http://127.0.0.1:{free_port()}")
    said = home.mado("reply", home.first()["id"], "--body", "-", "--send", stdin="soon")
    assert (said.code, said.rows[0]["queued"]) == (0, "local")
    outbox = home.mado("outbox")
    assert [row["state"] for row in outbox.rows] == ["local"]
    assert outbox.rows[0]["message_id"] == said.rows[0]["message_id"]
    assert home.first()["status"] in ("new", "queued")


def test_a_server_that_never_answers_does_not_hold_up_a_list(home: Home) -> None:
    home.receives(subject="Order 4711")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with_server(home, f"http://127.0.0.1:{silent.getsockname()[1]}")
        # From nothing: the verbs of tests are more patient than a person is.
        ran = subprocess.run([*MADO, "--home", str(home.path), "list", "--json"], capture_output=True, text=True, env=quiet(), timeout=60, check=True)
    assert len(ran.stdout.splitlines()) == 1
    assert "does not answer" in ran.stderr


def test_a_mailbox_that_cannot_be_reached_is_three_and_told_for_each_mailbox(home: Home) -> None:
    said = home.mado("sync", "--once")
    assert said.code == 3
    assert all(row["inbox"] == "support" and row["error"] for row in said.rows)
    assert {"inbox", "mailbox", "new", "changed", "gone", "seconds", "error"} == set(said.rows[0])


@pytest.mark.parametrize("invitation", ["hello", "mado1.xxxx", "mado1."])
def test_something_that_is_no_invitation_is_four(home: Home, invitation: str) -> None:
    assert home.mado("join", invitation).code == 4


def test_an_invitation_to_a_server_that_is_away_is_three_and_changes_nothing(home: Home) -> None:
    before = (home.path / "settings.toml").read_text()
    said = home.mado("join", Invitation(f"http://127.0.0.1:{free_port()}", "hush").encode())
    assert said.code == 3
    assert "hush" not in said.out + said.err
    assert (home.path / "settings.toml").read_text() == before


def test_a_query_that_cannot_be_read_is_five_and_says_where(home: Home) -> None:
    for verb in ("list", "search"):
        said = home.mado(verb, "from:(")
        assert said.code == 5, said
        assert said.err


INVITED = (
    b"From: y@example.jp\r\nSubject: day out\r\nList-Id: <team.example.jp>\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:day out\r\nDTSTART;VALUE=DATE:20261124\r\nDESCRIPTION:Come to room 3.\r\n"
    b"ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:mailto:ben@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BOUNCED = b"From: MAILER-DAEMON@example.jp\r\nSubject: failed\r\n\r\n<a@example.net>: 552 5.2.2 Mailbox full\r\n"


def test_a_file_that_is_not_there_is_five_and_still_has_its_line(home: Home, tmp_path: Path) -> None:
    good = tmp_path / "good.eml"
    good.write_bytes(b"Message-ID: <1@x>\r\nSubject: a\r\n\r\nb\r\n")
    said = home.mado("eml", str(good), str(tmp_path / "missing.eml"), str(good))
    assert said.code == 5
    assert [row["message_id"] for row in said.rows] == ["<1@x>", None, "<1@x>"]
    assert said.rows[1]["warnings"]
    assert home.mado("eml", str(good)).code == 0


def test_a_mail_file_is_printed_with_all_it_carries(home: Home, tmp_path: Path) -> None:
    invited, bounced = tmp_path / "invited.eml", tmp_path / "bounced.eml"
    invited.write_bytes(INVITED)
    bounced.write_bytes(BOUNCED)
    invitation, bounce = home.mado("eml", str(invited), str(bounced)).rows
    assert invitation["kind"] == "calendar"
    assert invitation["invitation"]["starts_at"] == "2026-11-24"
    assert invitation["invitation"]["attendees"] == [{"name": "Ben", "address": "ben@example.com", "answer": "accepted"}]
    assert (invitation["report"], invitation["protection"], invitation["list_id"]) == (None, None, "team.example.jp")
    assert bounce["report"]["results"] == [
        {"recipient": "a@example.net", "action": "failed", "status": "5.2.2", "reason": "552 5.2.2 Mailbox full", "cause": "mailbox_full"}
    ]
    said = home.mado("eml", str(invited), str(bounced), json_lines=False).out
    assert "When: 2026-11-24 (Tue), all day" in said
    assert "Not delivered to a@example.net: the mailbox is full" in said
    assert "Come to room 3." in said


def test_files_are_put_together_to_conversations_in_any_order(home: Home, tmp_path: Path) -> None:
    mails = {
        "c": b"Message-ID: <c@x>\r\nReferences: <a@x> <b@x>\r\n\r\n",
        "a": b"Message-ID: <a@x>\r\n\r\n",
        "other": b"Message-ID: <other@x>\r\n\r\n",
        "d": b"Message-ID: <d@x>\r\nIn-Reply-To: <b@x>\r\n\r\n",
    }
    for name, raw in mails.items():
        (tmp_path / name).write_bytes(raw)
    (said,) = home.mado("eml", "--thread", *(str(tmp_path / name) for name in mails)).rows
    assert said == {"conversations": [["<c@x>", "<a@x>", "<d@x>"], ["<other@x>"]]}


def test_a_body_that_is_missing_or_not_utf8_is_five(home: Home, tmp_path: Path) -> None:
    (tmp_path / "sjis.txt").write_bytes("こんにちは".encode("shift_jis"))
    for body in ("missing.txt", "sjis.txt"):
        assert home.mado("reply", "x", "--body", str(tmp_path / body), "--send").code == 5
    assert home.mado("reply", "x", "--attach", str(tmp_path / "missing.pdf"), "--send").code == 5


def test_every_verb_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in VERBS:
        assert run([verb, "--help"]) == 0
        said = capsys.readouterr().out
        # Of a group its own verbs do.
        assert "--json" in said or "COMMAND [ARGS]" in said, verb


def test_a_reader_that_goes_away_is_no_error(home: Home) -> None:
    home.receives(subject="Order 4711")
    command = " ".join([*MADO, "--home", str(home.path), "list", "--json"])
    done = subprocess.run(["bash", "-o", "pipefail", "-c", f"{command} | true"], capture_output=True, text=True, env=quiet(), check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_secret_in_the_home_is_never_printed(home: Home) -> None:
    Secrets(home.path).put("session", Secret("hush-hush"))
    with_server(home, f"http://127.0.0.1:{free_port()}")
    for verb in (["doctor"], ["list"], ["take", "x"], ["sync", "--once"]):
        said = home.mado(*verb)
        assert "hush-hush" not in said.out + said.err
        assert PASSWORD not in said.out + said.err


def test_refusals_read_on_the_wire_as_promised() -> None:
    import msgspec

    assert json.loads(msgspec.json.encode(SomethingNew(revision=3, new=("<a@x>",))))["refused"] == "SomethingNew"  # type: ignore[arg-type]
