"""A picture put to a comment at one terminal is saved at another, and while the server is away it waits as it was."""

from pathlib import Path

from tests.line.seats import SOON, Pair, Seat, eventually

CONTENT = "名前,金額\n山田,4711\n".encode() * 500


def puts(seat: Seat, original: Path, text: str) -> None:
    """`c`, `^O`, the path, and words beside it."""
    seat.presses("c")
    seat.sees(r"^Comment:")
    seat.sees(r"\^O puts a file to it")
    seat.types("先に")
    seat.presses("C-o")
    seat.sees(r"^File:")
    seat.types(str(original))
    seat.presses("Enter")
    # What was typed before is still there.
    seat.sees(r"^\[.*\] Comment: 先に")
    seat.types(text)
    seat.presses("Enter")


def test_a_file_put_to_a_comment_is_saved_by_a_colleague(pair: Pair, tmp_path: Path) -> None:
    original, saved = tmp_path / "内訳.csv", tmp_path / "saved.csv"
    original.write_bytes(CONTENT)
    mail = pair.mail()
    pair.tanaka.opens(mail.token)
    puts(pair.tanaka, original, "これを見てください")
    pair.tanaka.sees(r"\[1\] 内訳\.csv  13 kB")

    pair.sato.opens(mail.token)
    pair.sato.sees("先にこれを見てください", SOON)
    pair.sato.sees(r"\[1\] 内訳\.csv  13 kB")
    pair.sato.presses("w")
    pair.sato.sees(r"^Save as:")
    pair.sato.presses("C-u")
    pair.sato.types(str(saved))
    pair.sato.presses("Enter")
    pair.sato.sees("Saved as", SOON)
    assert saved.read_bytes() == CONTENT
    assert saved.stat().st_mode & 0o077 == 0
    (comment,) = pair.shown(pair.sato, mail.token)["comments"]
    assert [file["name"] for file in comment["files"]] == ["内訳.csv"]
    eventually(lambda: not list((pair.tanaka.agent.home / "waiting").iterdir()), "the copy to go, once the server has it")


def test_a_program_put_to_a_comment_is_marked_and_asked_about(pair: Pair, tmp_path: Path) -> None:
    original = tmp_path / "請求（控え）.exe"
    original.write_bytes(b"MZ")
    mail = pair.mail()
    pair.tanaka.opens(mail.token)
    pair.tanaka.says(f"attach {original}")
    pair.tanaka.sees(r"^\[請求（控え）\.exe\] Comment:")
    pair.tanaka.presses("Enter")
    pair.tanaka.sees(r"\[1\] 請求（控え）\.exe  2 B  ⚠ may run something")
    pair.sato.opens(mail.token)
    pair.sato.sees(r"\[1\] 請求（控え）\.exe  2 B  ⚠ may run something", SOON)
    pair.sato.presses("o")
    pair.sato.sees("may run something when it is opened. Open it")
    pair.sato.presses("n")


def test_who_gives_up_a_comment_leaves_no_copy_and_what_is_no_file_is_said(pair: Pair, tmp_path: Path) -> None:
    original = tmp_path / "x.txt"
    original.write_bytes(b"x")
    mail = pair.mail()
    pair.tanaka.opens(mail.token)
    pair.tanaka.says(f"attach {tmp_path}/nothing")
    pair.tanaka.sees("cannot be attached")
    pair.tanaka.says(f"attach {original}")
    pair.tanaka.sees(r"^\[x\.txt\] Comment:")
    assert list((pair.tanaka.agent.home / "waiting").iterdir())
    pair.tanaka.presses("Escape")
    eventually(lambda: not list((pair.tanaka.agent.home / "waiting").iterdir()), "the copy to go")
