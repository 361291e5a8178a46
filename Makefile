# Needs Python >= 3.11, git and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
# More words for pytest or the compiler, as in: make test ARGS="-k floor"; make lock ARGS=--upgrade
ARGS ?=
export PYTHON

.PHONY: run test faults check audit bench soak setup app build format texts lock clean
.DEFAULT_GOAL := run

run: app ## serve the demo restaurant on http://localhost:3000
	@$(BIN)/smartmenu run --demo $(ARGS)

# Each worker brings its own PostgreSQL; browser tests share one.
PARALLEL ?= -n logical --maxprocesses 4
test: setup ## every test, in a real browser too
	@chromium=$$(scripts/browser.sh) && SMARTMENU_CHROMIUM="$$chromium" $(BIN)/pytest $(PARALLEL) $(ARGS)

faults: setup ## break things for long: kill web processes 200 times under load
	@SMARTMENU_FAULTS_KILLS=200 $(BIN)/pytest tests/faults -s $(ARGS)

check: setup ## style, types, the direction of imports, known holes of packages
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python scripts/audit.py

audit: setup ## known holes of everything that is pinned, asked for at once
	@$(BIN)/python scripts/audit.py --all

bench: setup ## measure, and print what was measured
	@$(BIN)/python -m benchmarks $(ARGS)

MINUTES ?= 20
soak: setup ## an evening's load for so many minutes: memory must stay flat
	@$(BIN)/python -m benchmarks soak --minutes $(MINUTES) $(ARGS)

build: app ## compile the screens without serving them
	@$(BIN)/smartmenu build

format: setup ## tidy the code
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet

LOCALES = services/base/locales
texts: setup ## collect all words for translators; new ones come into every .po file empty
	@$(BIN)/pybabel -q extract --no-default-keywords -k N_ -k plural:2,3 --no-location --sort-output \
		--no-wrap --project=SmartMenu --omit-header -o $(LOCALES)/smartmenu.pot \
		models services components state pages smartmenu
	@for file in $(LOCALES)/*.po; do $(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date -i $(LOCALES)/smartmenu.pot -o $$file \
		-l $$(basename $$file .po) || exit 1; done

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
