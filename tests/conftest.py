"""The fixtures of the real servers: one server a session (and a worker of pytest-xdist), one account a test, logs shown on failure."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from quick_files import compile_once, use_memory
from server_process import remove_folders_of_the_dead
from start_dovecot import Dovecot, User
from start_exim import Exim
from start_postgres import Postgres

import tui.words
from tests.mado_forks import end_forks

LOGS: dict[Path, int] = {}  # the log of each running server, and its length when the test began


def pytest_configure(config: pytest.Config) -> None:
    # An example that compiles a pattern first, on a machine with other work, may take longer than any time one could name.
    hypothesis.settings.register_profile("any machine", deadline=None)
    hypothesis.settings.load_profile("any machine")
    use_memory()
    if not hasattr(config, "workerinput"):
        compile_once()


def pytest_sessionstart() -> None:
    # A script's `&` has its children ignore Ctrl-C, and theirs: the programs under test would never hear the one that a test sends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    remove_folders_of_the_dead()


@pytest.hookimpl(trylast=True)  # what ends with the session may still ask for a verb
def pytest_sessionfinish() -> None:
    end_forks()


LONG = frozenset(
    {"test_killed_at_every_step.py", "test_taking_over.py", "test_kill.py", "test_server_away.py", "test_bounds.py", "test_simulation.py"}
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: one that began last would be waited for with every other core idle."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_runtest_setup() -> None:
    LOGS.update({log: log.stat().st_size for log in LOGS})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for log, start in LOGS.items():
            report.sections.append((log.name, log.read_bytes()[start:][-8000:].decode(errors="replace")))
    return report


def pytest_terminal_summary(terminalreporter) -> None:
    """What tests have counted: record_property("played", words), and "faults", three numbers that are summed up over all tests."""
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            if name == "played":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {words}")
    ended = [report for reports in terminalreporter.stats.values() for report in reports if getattr(report, "when", "") == "teardown"]
    told = [numbers for report in ended for name, numbers in report.user_properties if name == "faults"]
    if told:
        words = "faults injected: {:,}; mails compared: {:,}; differences: {:,}"
        terminalreporter.write_line(words.format(*(sum(each) for each in zip(*told, strict=True))))


def serving(server) -> Iterator:
    """Hand a started server to the tests, with its log watched, and close it."""
    LOGS[server.log] = 0
    yield server
    del LOGS[server.log]
    server.close()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """The server all tests share; a test that stops it or sets it up differently starts its own (it takes 0.1 s)."""
    yield from serving(Dovecot())


@pytest.fixture
def account(dovecot: Dovecot) -> User:
    """A user nobody else has, so that tests run beside each other."""
    return dovecot.add_user(userdb_acl_groups="agents")


@pytest.fixture(scope="session")
def exim(dovecot: Dovecot) -> Iterator[Exim]:
    yield from serving(Exim(dovecot))


@pytest.fixture
def sender(exim: Exim, account: User) -> User:
    """The account, allowed to send."""
    exim.add_user(account)
    return account


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One cluster for all tests of a worker, each with a database of its own; without fsync, for no test cuts the power."""
    yield from serving(Postgres())


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has the program speak that language from now on; it reads one catalogue a process, as its agent has one language."""

    def in_language(language: str) -> None:
        monkeypatch.setenv("MADO_LANG", language)
        monkeypatch.setattr(tui.words, "_translation", None)

    return in_language
