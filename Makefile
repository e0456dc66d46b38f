# Ordergate: every command that a developer, CI or a first-time user needs. Needs Python >= 3.11 and make, nothing else.

.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
DEMO_HOME := demo-home
# One more than the two cores that the suite is sized for: a third of its time is waiting for processes and disks.
# Files are taken in the order of their folders: those of few tests are the long ones, which xdist would keep for last.
WORKERS ?= 3
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12` overrules.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$python >/dev/null 2>&1 || continue; \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)

# A stamp is newer than pyproject.toml when the environment holds what it asks for, so a finished set-up costs nothing.
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

.PHONY: help setup run test check coverage bench bench-long bench-intake chaos format reference clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(DEVELOPMENT) ## create .venv with everything that run, test and check need

run: $(RUNTIME) ## start the gateway with three fresh demo orders on http://127.0.0.1:8080 (PORT=9000 for another port)
	@[ -f $(DEMO_HOME)/ordergate.toml ] || $(BIN)/ordergate init $(DEMO_HOME) --demo
	@exec $(BIN)/ordergate serve --home $(DEMO_HOME) --port $(PORT) --demo

test: $(DEVELOPMENT) ## run the whole test suite, PostgreSQL and browser included
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(DEVELOPMENT) ## format, lint, types, import contracts, dead code, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/codespell

coverage: $(DEVELOPMENT) ## the suite again, in one process, with the branches that it covers
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered

bench: $(DEVELOPMENT) ## measure speed beside the raw baseline of the same run: a table and JSON, at most 10 minutes
	$(BIN)/pytest tests/benchmarks -m "benchmark and not long" -s -o faulthandler_timeout=0

bench-long: $(DEVELOPMENT) ## the longer measurements
	$(BIN)/pytest tests/benchmarks -m "benchmark and long" -s -o faulthandler_timeout=0

bench-intake: $(DEVELOPMENT) ## measure orders by mail and fax on drawn documents: read right, wrongly accepted, straight through
	PYTHONPATH=.:tests/benchmarks:tests/scaffolding $(BIN)/python tests/benchmarks/intake/run.py $(ARGUMENTS)

chaos: $(DEVELOPMENT) ## the long kill and fault runs, then every property with new random examples
	$(BIN)/pytest -m chaos -s -o faulthandler_timeout=0
	$(BIN)/pytest tests/unit tests/contract -n $(WORKERS) --dist loadfile --hypothesis-profile explore -o faulthandler_timeout=0

format: $(DEVELOPMENT) ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

reference: $(DEVELOPMENT) ## write docs/reference anew from the code
	$(BIN)/python tools/make_reference.py

clean: ## remove the environment, caches and build output; the demo home stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(RUNTIME): pyproject.toml
	$(call create_environment)
	@echo "Installing Ordergate into $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(DEVELOPMENT): pyproject.toml
	$(call create_environment)
	@echo "Installing Ordergate and its development tools into $(VENV) ..."
	@$(PIP) install --editable . --group dev
	@touch $(RUNTIME) $@

# pip comes last when an environment is made, so an environment that has it is complete; 25.1 knows dependency groups.
define create_environment
	@[ -n "$(PYTHON)" ] || { echo "Ordergate needs Python 3.11 or newer, and none is on the PATH." \
		"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2; exit 1; }
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) could not create $(VENV)." \
		"On Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	@$(PIP) install --upgrade "pip>=25.1"
endef
