# Everything that a fresh machine with Python 3.11 (its venv module included) and make needs.
# `uv` is used where it is present; nothing else has to be installed.

PYTHON ?= python3
PORT ?= 8000
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test lint fix bench bench-quotes bench-search bench-ranking check-cache check-kill check-followers check-leaks check-openapi browser television test-television requirements openapi

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP) ## Create the environment in .venv (quick when nothing changed)

$(STAMP): requirements-dev.txt pyproject.toml
	@set -e; if command -v uv >/dev/null 2>&1; then \
		test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV); \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt; \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || \
			{ echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2; exit 1; }; \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; \
		$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

run: install ## Migrate var/onrecord.db, load the sample newsroom, and serve it (PORT=8000)
	@$(BIN)/python examples/run.py --port $(PORT)

test: install ## Run all tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 3 --dist worksteal

lint: install ## Check format, style, types and layers
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 1

fix: install ## Format, and fix what can be fixed
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

bench: install ## Measure requests a second in ratios to a bare application: ARGS=OPTIONS
	@$(BIN)/python -m benchmarks $(ARGS)

bench-quotes: install ## Score how quotes are found: EVAL=FOLDER of a scorer and its articles
	@$(BIN)/python benchmarks/quotes.py $(EVAL)

bench-search: install ## Time searches at 10,000 and 100,000 articles, in ratios
	@$(BIN)/python -m benchmarks.search --sizes 10000,100000

bench-ranking: install ## nDCG@10 against plain BM25: EVAL=FOLDER of a collection with judged queries
	@$(BIN)/python -m benchmarks.ranking --collection $(EVAL)

check-cache: install ## Read 10,000 times what was just written, through the cache, on both databases
	@ONRECORD_TEST_WRITES=2500 $(BIN)/python -m pytest -q tests/test_cache_races.py

check-kill: install ## Kill the server during writes, 50 times, and count what was lost
	@$(BIN)/python benchmarks/kill_during_writes.py

check-followers: install ## Eight write, four follow, and the server is killed twice, for 30 seconds
	@ONRECORD_TEST_FOLLOW_SECONDS=30 $(BIN)/python -m pytest -q tests/test_followers.py

check-leaks: install ## Take away what hides, one place after the other: the leak walk notices each
	@$(BIN)/python -m tests.mutations

check-openapi: install ## Ask each operation for what the OpenAPI document allows and forbids, 100 times
	@ONRECORD_TEST_EXAMPLES=100 $(BIN)/python -m pytest -q tests/test_schemathesis.py

browser: ## Install Debian's Chromium, which the browser test opens
	@command -v chromium >/dev/null 2>&1 || { apt-get update -qq && apt-get install -qq -y chromium; }

television: install ## Install what the television tests need: of Debian, Node and Python
	@set -e; missing=; \
	for pair in ffmpeg:ffmpeg chromium:chromium newsboat:newsboat tv_validate_file:xmltv-util xmllint:libxml2-utils npm:npm; do \
		command -v $${pair%%:*} >/dev/null 2>&1 || missing="$$missing $${pair##*:}"; \
	done; \
	if [ -n "$$missing" ]; then \
		test "$$(id -u)" = 0 || { echo "Missing, and only root can install it: apt-get install$$missing" >&2; exit 1; }; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends $$missing; \
	fi
	@cd tests/television && npm ci --silent
	@if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-television.txt; \
	else \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-television.txt; \
	fi

test-television: install ## Run the sample channels in a simulator (`make television` first)
	@$(BIN)/python -m pytest tests/television

requirements: ## Pin the requirements anew, with hashes and without addresses (needs uv)
	@uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	@uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra extract -c requirements.txt pyproject.toml -o requirements-extract.txt
	@uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra dev -c requirements-extract.txt pyproject.toml -o requirements-dev.txt
	@uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra television -c requirements-dev.txt pyproject.toml -o requirements-television.txt

openapi: install ## Write openapi.json anew
	@$(BIN)/python -m app openapi > openapi.json
