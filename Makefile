# Two commands do it all: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
# Councils look into TLS; the machine knows whom it trusts.
export UV_SYSTEM_CERTS ?= true
UV := $(BIN)/uv
SOURCES := pyproject.toml demo/pyproject.toml hatch_build.py requirements/base.lock requirements/demo.lock requirements/dev.lock requirements/uv.lock $(shell find assets -type f -not -path '*/node_modules/*' 2>/dev/null) $(shell find app/translations -name '*.po' 2>/dev/null)

.PHONY: help demo test test-at check dev unit shell sql bench lint lock clean mutate-isolation security-report sbom audit
.DEFAULT_GOAL := help

## The targets, a line each.
help:
	@awk '/^## /{words = substr($$0, 4); next} /^[a-z-]+:/ && words {split($$1, name, ":"); printf "  %-18s %s\n", name[1], words; words = ""; next} {words = ""}' Makefile

## Everything on this machine, with an invented borough.
demo: .venv/base
	@$(BIN)/webelong demo $(ARGS)

## Everything: lint, contracts, types, every suite.
test: .venv/dev
	@$(BIN)/python -m tests $(ARGS)

## As if it were another day: make test-at AT="2028-02-29 12:00" [ARGS=tests/unit]. Needs Debian's libfaketime.
test-at: .venv/dev
	@$(BIN)/python -m tests.moved "$(AT)" $(ARGS)

## Before a commit: lint, contracts, types, architecture, unit tests.
check: lint
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope tests/architecture tests/unit $(ARGS)

## What needs no database.
unit: .venv/dev
	@$(BIN)/python -m pytest -q -n 2 tests/unit $(ARGS)

## The running demo's data with reload, a debugger, and every request's statements at /dev/requests.
dev: .venv/base
	@$(BIN)/webelong dev $(ARGS)

## A Python console on the running demo: make shell ROLE=wb_school SCHOOL=Larkfield
shell: .venv/base
	@$(BIN)/webelong shell $(if $(ROLE),--role $(ROLE)) $(if $(SCHOOL),--school "$(SCHOOL)") $(if $(AUTHORITY),--authority "$(AUTHORITY)")

## psql on the running demo, as one audience: make sql ROLE=wb_school SCHOOL=Larkfield
sql: .venv/base
	@$(BIN)/webelong sql $(if $(ROLE),--role $(ROLE)) $(if $(SCHOOL),--school "$(SCHOOL)") $(if $(AUTHORITY),--authority "$(AUTHORITY)")

## Measurements, side by side in one run, in some minutes; ARGS=--full for the size of England.
bench: .venv/dev
	@$(BIN)/python -m bench $(ARGS)

## Lint, format, import contracts, types.
lint: .venv/dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy

.PHONY: .venv
.venv: .venv/base

.venv/uv: requirements/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit("We Belong needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

# uv leaves what is there alone, so the demo never takes the tests' tools away.
.venv/base: .venv/uv $(SOURCES)
	@echo "Installing what We Belong needs ..."
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements/demo.lock
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --build-constraints requirements/build.lock -e . -e demo
	@touch $@

.venv/dev: .venv/base
	@echo "Installing what the tests need ..."
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

## Take one wall away at a time; every one must be missed.
mutate-isolation: .venv/dev
	@$(BIN)/python -m tests.isolation.mutate $(ARGS)

## Run all that holds the promise of docs/security.md and say in figures what it did; not 0 when anything leaked.
security-report: .venv/dev
	@$(BIN)/python -m tests.isolation.report

## What production consists of, as CycloneDX: build/sbom.cdx.json.
sbom: .venv/dev
	@$(BIN)/python -m tests.supply.sbom $(ARGS)

## Known weaknesses of what is locked. 0: none; 1: some; 2: the database could not be asked.
audit: .venv/base
	@$(BIN)/webelong packages $(ARGS)

LOCK := $(UV) pip compile --quiet --generate-hashes --no-annotate --no-header --universal --python-version 3.11
## Write the lock files again from pyproject.toml: hashes in, registry addresses out.
lock: .venv/uv
	$(LOCK) pyproject.toml -o requirements/base.lock
	$(LOCK) pyproject.toml demo/pyproject.toml -c requirements/base.lock -o requirements/demo.lock
	$(LOCK) pyproject.toml demo/pyproject.toml --group dev -c requirements/demo.lock -o requirements/dev.lock
	$(LOCK) requirements/build.in -o requirements/build.lock
	$(LOCK) requirements/uv.in -o requirements/uv.lock

## Take away what was built and installed here.
clean:
	rm -rf .venv .webelong app/static/build app/papers/fonts
