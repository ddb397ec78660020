# Everything a newcomer needs; each step does its work once and says what it does.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
RUN := $(VENV)/bin/rightsdesk

# The first Python that really starts and is 3.11 or newer (a pyenv shim may exist and not start).
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)

.PHONY: demo demo-reset setup dev test lint bench evaluate train format clean

demo: $(VENV)/.installed
	@$(RUN) demo

demo-reset:
	@rm -rf var/rightsdesk.db var/rightsdesk.db-shm var/rightsdesk.db-wal var/workspace.jsonl var/demo-mails-sent var/day-moved-on
	@echo "The demo is forgotten; the trained model stays."

setup: $(VENV)/.installed

test: $(VENV)/.installed-dev
	@$(RUN) train --if-needed
	@$(PY) -m pytest -n 2 --dist worksteal

lint: $(VENV)/.installed-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.installed-dev
	@$(RUN) train --if-needed
	@$(PY) -m tests.bench

evaluate: $(VENV)/.installed
	@$(RUN) train --if-needed
	@$(RUN) evaluate

train: $(VENV)/.installed
	@$(RUN) train

format: $(VENV)/.installed-dev
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(MAKE) --no-print-directory $(VENV)/.made
	@echo "Installing pinned and hashed dependencies (about half a minute the first time) ..."
	@$(PY) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing the tools for tests ..."
	@$(PY) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it (Debian: apt install python3 python3-venv)."; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing; install it (Debian: apt install python3-venv)."; exit 1; }
	@touch $@
