# Everything a person types here. Two cores are enough for all of it; the tests wait for servers so much that three fit on them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3

.PHONY: help install install-dev demo test soak check format bench bench-terminal bench-desk bench-sync bench-search bench-server bench-out picture snapshots words api lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## the virtual environment with .venv/bin/mado
install-dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements.lock pyproject.toml
	@sh scripts/make_venv.sh "$(PYTHON)" "$(VENV)" requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml
	@sh scripts/make_venv.sh "$(PYTHON)" "$(VENV)" requirements-dev.lock
	@touch $@ $(VENV)/.installed

demo: install ## the whole desk with a day's mail, nothing to configure
	@$(BIN)/mado demo

test: install-dev ## every test, on real servers (13 minutes on two cores; 12 are the mark)
	@sh scripts/install_servers.sh
	@$(BIN)/python tests/servers/no_leftovers.py $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not soak"

soak: install-dev ## the longer runs: more kills, more mail, more random plays
	@sh scripts/install_servers.sh
	@$(BIN)/python -m pytest -n $(WORKERS) -m soak

check: install-dev ## style, types, import contracts; fast
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: install-dev ## let the tool lay out the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: bench-terminal bench-desk bench-sync bench-search bench-server bench-out ## all measures

bench-terminal: install-dev ## a million conversations: start, keys, pages, rest and memory at 80x24 and 200x50 (7 minutes, most of it filling)
	@$(BIN)/python -m bench.terminal

bench-desk: install-dev ## start and first sync beside their peers, a lease on the other screen
	@sh scripts/install_servers.sh isync notmuch alot
	@$(BIN)/python -m bench.desk

bench-sync: install-dev ## mail in at 50,000 mails, and finding on the same mails, beside mbsync, notmuch and neomutt (25 minutes)
	@sh scripts/install_servers.sh isync notmuch neomutt
	@$(BIN)/python -m bench.sync --with-search

bench-search: install-dev ## 200 queries beside notmuch, recall and precision; most of it is filling
	@sh scripts/install_servers.sh notmuch
	@$(BIN)/python -m bench.search

bench-server: install-dev ## the team's server: how soon a change is heard, what a client costs, a newcomer, commands a second; on both databases (long)
	@sh scripts/install_servers.sh
	@$(BIN)/python -m bench.server
	@$(BIN)/python -m bench.server --on postgresql
	@$(BIN)/python -m bench.server_storage

bench-out: install-dev ## mail out: the composer's keys, a mailing's dry run, 1,000 replies through a bad SMTP server and 100 kills (long)
	@sh scripts/install_servers.sh
	@$(BIN)/python -m bench.out
	@$(BIN)/python -m bench.out_bulk
	@$(BIN)/python -m bench.out_round_trips
	@$(BIN)/python -m bench.out_faults

picture: install-dev ## make the pictures of README.md anew from the demo
	@sh scripts/install_servers.sh
	@$(BIN)/python scripts/picture.py docs

snapshots: install-dev ## every screen's picture made anew (2 minutes)
	@$(BIN)/python -m tests.tui.snapshots --update

words: install-dev ## collect the words for people and compile the Japanese catalogue
	@$(BIN)/python scripts/words.py

api: install-dev ## make the typed client and docs/api.md anew from the table of calls
	@$(BIN)/python scripts/api.py

lock: ## pin every package anew
	@sh scripts/lock.sh

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
