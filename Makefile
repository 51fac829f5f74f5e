# Iter's commands. `make help` lists them; what they need is made by build/setup.sh.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
SETUP := build/setup.sh
UNIT := tests/unit
# What is proved by random examples: the more, the better.
PROOFS := tests/unit/spiff/token_game tests/unit/spiff/corrupted
# What takes long among the unit tests: `make check` leaves it to `make test`.
LONG := $(PROOFS) tests/unit/spiff/hostile tests/unit/spiff/test_never_wears_out.py
# Nothing of a test outlives it: in memory where there is room for it, for thousands of databases wait for their disk.
SCRATCH := $(shell test "$$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 8000000 2>/dev/null && echo /dev/shm || echo "$${TMPDIR:-/tmp}")
# Tests start hundreds of processes: each shall find the code compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup assets run test nightly screenshots bench check format texts requirements clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

setup: .venv/.installed web/static/manifest.json  ## Make .venv with the pinned libraries, the `iter` command and the pages' assets

assets: web/static/manifest.json  ## Bundle scripts, styles and icons of the pages (web/assets → web/static)

run: setup  ## Start Iter with demonstration data: migrate, deploy workflows/, web and worker on http://127.0.0.1:8000
	@exec $(BIN)/iter serve --demo

test: .venv/.installed-dev web/static/manifest.json  ## Run the whole suite on SQLite, PostgreSQL and a real SMTP server
	@$(SETUP) parts
	TMPDIR=$(SCRATCH) $(BIN)/pytest -n 2 --dist worksteal tests

nightly: .venv/.installed-dev  ## Random diagrams by the hundred thousand (EXAMPLES=…), on all cores
	ITER_EXAMPLES=$(or $(EXAMPLES),100000) TMPDIR=$(SCRATCH) $(BIN)/pytest -n auto --dist worksteal $(PROOFS)

screenshots: .venv/.installed-dev web/static/manifest.json  ## Photograph every page (both widths and languages, light and dark) into build/screenshots
	@$(SETUP) parts
	$(BIN)/python -m tests.screenshots $(LOOK)

bench: .venv/.installed-dev web/static/manifest.json  ## Measure what steps, timers and pages cost, on both databases
	@$(SETUP) parts
	$(BIN)/python benchmarks/run.py $(BENCH)

check: .venv/.installed-dev web/static/manifest.json  ## Format, lint, types, import rules and unit tests but the longest, in about a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 $(LONG:%=--ignore=%) $(UNIT)

format: .venv/.installed-dev  ## Format the code and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

texts: .venv/.installed  ## Bring web/translations/*.po up to date with the texts in the code
	@$(BIN)/python build/texts.py

requirements: .venv/.installed-dev  ## Pin requirements*.in anew, with hashes
	$(SETUP) requirements

clean:  ## Remove .venv and everything that is made (not var/: that is your data)
	rm -rf .venv node_modules web/static .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

web/static/manifest.json: $(shell find web/assets web/templates web/pages -type f -not -name '*.pyc') build/assets.mjs node_modules/.installed
	@$(SETUP) assets

node_modules/.installed: package-lock.json .venv/.installed
	@$(SETUP) packages

.venv/.installed: requirements.txt pyproject.toml $(SETUP)
	@$(SETUP) environment

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@$(SETUP) development
