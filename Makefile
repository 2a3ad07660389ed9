# Two commands do it all: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
# Councils look into TLS; the machine knows whom it trusts.
export UV_SYSTEM_CERTS ?= true
UV := $(BIN)/uv
SOURCES := pyproject.toml hatch_build.py requirements/base.lock requirements/dev.lock requirements/uv.lock $(shell find assets -type f -not -path '*/node_modules/*' 2>/dev/null) $(shell find app/translations -name '*.po' 2>/dev/null)

.PHONY: demo test test-at bench lint lock clean mutate-isolation security-report sbom audit

demo: .venv/base
	@$(BIN)/webelong demo $(ARGS)

test: .venv/dev
	@$(BIN)/python -m tests $(ARGS)

# As if it were another day: make test-at AT="2028-02-29 12:00" [ARGS=tests/unit]. Needs Debian's libfaketime.
test-at: .venv/dev
	@$(BIN)/python -m tests.moved "$(AT)" $(ARGS)

bench: .venv/dev
	@$(BIN)/python -m bench $(ARGS)

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
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements/base.lock
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --build-constraints requirements/build.lock -e .
	@touch $@

.venv/dev: .venv/base
	@echo "Installing what the tests need ..."
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

# Take one wall away at a time; every one must be missed.
mutate-isolation: .venv/dev
	@$(BIN)/python -m tests.isolation.mutate $(ARGS)

# Run all that holds the promise of docs/security.md and say in figures what it did; not 0 when anything leaked.
security-report: .venv/dev
	@$(BIN)/python -m tests.isolation.report

# What production consists of, as CycloneDX: build/sbom.cdx.json.
sbom: .venv/dev
	@$(BIN)/python -m tests.supply.sbom $(ARGS)

# Known weaknesses of what is locked. 0: none; 1: some; 2: the database could not be asked.
audit: .venv/base
	@$(BIN)/webelong packages $(ARGS)

# Write the lock files again from pyproject.toml: hashes in, registry addresses out.
LOCK := $(UV) pip compile --quiet --generate-hashes --no-annotate --no-header --universal --python-version 3.11
lock: .venv/uv
	$(LOCK) pyproject.toml -o requirements/base.lock
	$(LOCK) pyproject.toml --group dev -c requirements/base.lock -o requirements/dev.lock
	$(LOCK) requirements/build.in -o requirements/build.lock
	$(LOCK) requirements/uv.in -o requirements/uv.lock

clean:
	rm -rf .venv .webelong app/static/build app/documents/fonts
