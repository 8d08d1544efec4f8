# Everything that a newcomer, a developer and the continuous integration need. Bare `make` lists the targets.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
UV_VERSION := 0.13.9
# Databases and demonstration files of a running service. Tests never touch it.
OPENFLS_HOME ?= $(CURDIR)/var

BIN := .venv/bin
UV := $(BIN)/uv
UV_READY := .venv/.uv-$(UV_VERSION)

SHELL := /bin/sh
.DEFAULT_GOAL := help
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT PYTHONHOME
export UV_PYTHON_DOWNLOADS := never

# Hospital networks often inspect TLS with a certificate of their own, which only the system's list holds.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
export PIP_CERT ?= /etc/ssl/certs/ca-certificates.crt
endif

.PHONY: help
help: ## List the targets
	@echo "OpenFLS. Use: make TARGET [PORT=8000] [PYTHON=python3] [OPENFLS_HOME=var]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: .venv/.run ## Set up, load the demonstration region, serve it; a second time go on from there
	OPENFLS_HOME="$(OPENFLS_HOME)" $(BIN)/openfls run --port $(PORT)

.PHONY: fresh
fresh: .venv/.run ## The same, but start the demonstration anew
	OPENFLS_HOME="$(OPENFLS_HOME)" $(BIN)/openfls run --fresh --port $(PORT)

.PHONY: setup
setup: .venv/.dev ## Set up for development, without running anything

.PHONY: test
test: .venv/.dev browser spark check ## Set up what tests need, then check everything (what CI runs)

.PHONY: check
check: .venv/.dev ## Lint, types, direction of imports, tests
	@failed=; \
	echo "== ruff"; $(BIN)/ruff check . || failed="$$failed ruff"; \
	echo "== mypy"; $(BIN)/mypy || failed="$$failed mypy"; \
	echo "== imports"; $(BIN)/lint-imports --no-logo || failed="$$failed imports"; \
	echo "== pytest"; $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup || failed="$$failed pytest"; \
	echo "== pytest on PostgreSQL"; $(BIN)/python -m pytest -n $(WORKERS) --postgres \
		-m "(django_db or postgres) and not browser" || failed="$$failed postgres"; \
	[ -z "$$failed" ] || { echo "FAILED:$$failed"; exit 1; }

.PHONY: bench
bench: .venv/.bench ## Run the benchmarks, each beside its naive version
	@for file in $(sort $(filter-out benchmarks/_%,$(wildcard benchmarks/*.py))); do \
		echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

.PHONY: soak
soak: .venv/.dev ## The fault tests at length, on SQLite and PostgreSQL (an hour or so)
	$(BIN)/python -m pytest tests/faults tests/inbox/test_listener_model.py --soak -q
	$(BIN)/python -m pytest tests/faults --soak --postgres -q
	$(BIN)/python -m pytest tests/feeds/test_mllp.py tests/feeds/test_acknowledging.py --hypothesis-profile=deep -q
# Seconds for each reader; a night's run takes 600.
FUZZ_SECONDS ?= 60

.PHONY: fuzz
fuzz: .venv/.dev ## Look for input that breaks a reader, FUZZ_SECONDS each; crashers are kept in var/fuzz
	$(UV) sync --locked --group fuzz --inexact --quiet
	@mkdir -p $(OPENFLS_HOME)/fuzz; failed=; \
	for reader in hl7v2 csv xlsx fhir gzip dicom; do \
		echo "== $$reader"; $(BIN)/python -m tests.feeds.bad_input.fuzz $$reader -max_total_time=$(FUZZ_SECONDS) \
			-artifact_prefix=$(OPENFLS_HOME)/fuzz/$$reader- -print_final_stats=1 || failed="$$failed $$reader"; done; \
	[ -z "$$failed" ] || { echo "FAILED:$$failed"; exit 1; }

.PHONY: lock
lock: $(UV_READY) ## After a change of dependencies: lock them, and export requirements.txt
	$(UV) lock
	$(UV) export --locked --no-dev --all-extras --no-emit-project --no-annotate --no-header --quiet --output-file requirements.txt

.PHONY: clean
clean: ## Remove the environment and caches; keeps var/, where the databases are
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Spark for the tests of its engine, where there is a Java for it: some 400 MB.
.PHONY: spark
spark: .venv/.dev ## Install Spark beside the rest, where Java 17 is found
	@if [ -n "$$JAVA_HOME" ] || command -v java >/dev/null 2>&1; then \
		$(UV) sync --locked --extra spark --inexact --quiet; \
	else echo "SKIPPED: tests of Spark. It needs Java 17; once: sudo apt-get install openjdk-17-jre-headless"; fi

# A browser for the journeys: Debian's own, where this user may install it.
.PHONY: browser
browser:
	@if [ -n "$$OPENFLS_CHROMIUM" ] || command -v chromium >/dev/null 2>&1; then exit 0; fi; \
	if ! command -v apt-get >/dev/null 2>&1; then may=no; \
	elif [ "$$(id -u)" = 0 ]; then may=; \
	elif sudo -n true >/dev/null 2>&1; then may="sudo -n"; \
	else may=no; fi; \
	if [ "$$may" = no ]; then \
		echo "SKIPPED: browser tests. There is no Chromium and I may not install it; once: sudo apt-get install chromium"; exit 0; fi; \
	echo "Installing Chromium for the browser tests"; \
	log="$$(mktemp)"; \
	get="$$may env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120"; \
	if $$get update >"$$log" 2>&1 </dev/null && \
	   $$get install --no-install-recommends chromium fonts-liberation >>"$$log" 2>&1 </dev/null; then :; \
	else tail -n 5 "$$log"; echo "SKIPPED: browser tests. Chromium could not be installed (see above)"; fi; \
	rm -f "$$log"

# The environment. The marks in .venv make a second call quick.
$(UV_READY):
	@command -v git >/dev/null 2>&1 || { echo "OpenFLS needs git: sudo apt-get install git"; exit 1; }
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "OpenFLS needs Python 3.11 or later: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "OpenFLS needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "OpenFLS needs Python's venv module: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.run: $(UV_READY) pyproject.toml uv.lock
	$(UV) sync --locked --no-dev --inexact --quiet
	@touch $@

.venv/.dev: $(UV_READY) pyproject.toml uv.lock
	$(UV) sync --locked --quiet
	@touch .venv/.run $@

# What only benchmarks need: libraries to measure against.
.venv/.bench: .venv/.dev
	$(UV) sync --locked --group bench --extra spark --quiet
	@touch $@
