# Iter's commands. `make help` lists them; what they need is made by build/setup.sh.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
SETUP := build/setup.sh
UNIT := tests/unit

.PHONY: help setup run test check format requirements clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

setup: .venv/.installed  ## Make .venv with the pinned libraries and the `iter` command

run: setup  ## Start Iter: migrate, deploy workflows/, web and worker on http://127.0.0.1:8000
	@exec $(BIN)/iter serve

test: .venv/.installed-dev  ## Run the whole suite on SQLite, PostgreSQL and a real SMTP server
	@$(SETUP) parts
	$(BIN)/pytest -n 2 --dist worksteal tests

check: .venv/.installed-dev  ## Format, lint, types, import rules and unit tests, in under a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 $(UNIT)

format: .venv/.installed-dev  ## Format the code and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

requirements: .venv/.installed-dev  ## Pin requirements*.in anew, with hashes
	$(SETUP) requirements

clean:  ## Remove .venv and everything that is made (not var/: that is your data)
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

.venv/.installed: requirements.txt pyproject.toml $(SETUP)
	@$(SETUP) environment

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@$(SETUP) development
