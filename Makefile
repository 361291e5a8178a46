# Needs Python >= 3.11, git and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
# More words for pytest or the compiler, as in: make test ARGS="-k floor"; make lock ARGS=--upgrade
ARGS ?=
export PYTHON

.PHONY: run test check bench setup app build format lock clean
.DEFAULT_GOAL := run

run: app ## serve the demo restaurant on http://localhost:3000
	@$(BIN)/smartmenu run --demo $(ARGS)

test: setup ## every test, in a real browser too
	@chromium=$$(scripts/browser.sh) && SMARTMENU_CHROMIUM="$$chromium" $(BIN)/pytest $(ARGS)

check: setup ## style, types and the direction of imports
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports --no-logo

bench: setup ## measure, and print what was measured
	@$(BIN)/python -m benchmarks $(ARGS)

build: app ## compile the screens without serving them
	@$(BIN)/smartmenu build

format: setup ## tidy the code
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet

app:
	@scripts/setup.sh app

setup: ## everything that tests and checks need
	@scripts/setup.sh dev

COMPILE = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: setup ## pin requirements/*.in with hashes, for every platform
	@$(COMPILE) $(ARGS) requirements/app.in -o requirements/app.txt
	@$(COMPILE) $(ARGS) requirements/dev.in -o requirements/dev.txt

clean: ## remove all that can be made again; data/ stays
	@rm -rf .venv .web .states build *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
