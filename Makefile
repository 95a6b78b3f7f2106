# Everything a newcomer or CI needs. Each target sets up what it uses.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check bench faults attacks simulation format lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | \
	  while IFS='|' read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

run: .venv/run ## Set up and run the bot with an example organisation, in the browser playground
	@$(BIN)/wellbeing run --example

test: .venv/dev ## Set up and run every test
	@$(BIN)/pytest -n auto --dist loadfile

check: .venv/dev ## Lint, types, import contracts and prompts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/wellbeing prompts check

bench: .venv/dev ## Measure the bot against bare libraries, and renew docs/performance.md
	@$(BIN)/python -m benchmarks --keep

faults: .venv/dev ## Kill, pause and cut off the bot for half an hour; nobody may be missed or asked twice
	@$(BIN)/python -m benchmarks.faults --json benchmarks/results/faults.json

attacks: .venv/dev ## Attack what is stored, said and published, and renew the table in docs/anonymity.md
	@$(BIN)/python -m tests.attacks --write docs/anonymity.md

simulation: .venv/dev ## Simulate a year of attacks on what is published, and renew its table and picture
	@$(BIN)/wellbeing simulate anonymity --results docs/anonymity.json --picture docs/anonymity.svg --page docs/anonymity.md

format: .venv/dev ## Format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/dev ## Compile the lock files again after a change in requirements/*.in
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header run.in -o run.txt
	cd requirements && ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header dev.in -c run.txt -o dev.txt

clean: ## Remove the environment and caches (var/ stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info build

# The environment, from the lock files. dev holds everything that run holds.
.venv/run: requirements/run.txt pyproject.toml
	@echo "Setting up the environment (once; it takes a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; try: make run PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@echo "Setting up the tools for checks and tests (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
