PYTHON ?= python3
PYTHONS ?= python3.11 python3.12 python3.13 python3.14
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command 'make lock' $(UPGRADE)
# What needs neither a server nor a port: before a commit, in under 30 s.
QUICKLY := tests/core tests/config tests/test_numbering.py tests/test_budgets.py \
	tests/cli/test_chinese.py tests/cli/test_frame.py tests/cli/test_words.py
CHECK_BUDGET ?= 3600
# What test-lowest and test-pythons run; empty is the whole suite.
TESTS ?=
CLIENTS ?= 5.2 6 7 8

.PHONY: demo test contract test-clients test-faults test-browser test-lowest test-pythons check artefact fuzz bench lint lock clean

demo: $(VENV)/.installed
	@$(BIN)/smsctl demo
	@printf '\nsmsctl is in $(BIN). Put it on the PATH of this shell:\n\n   source $(BIN)/activate\n'

test: $(VENV)/.tested
	@$(BIN)/python -m pytest -n 2 -q $(TESTS)

# The newest redis-py of each version that pyproject.toml admits.
test-clients:
	@for version in $(CLIENTS); do \
	  $(MAKE) --no-print-directory VENV=.venv-redis-$$version .venv-redis-$$version/.client CLIENT=$$version || exit; \
	  .venv-redis-$$version/bin/python -c 'import redis; print("redis-py", redis.__version__)'; \
	  .venv-redis-$$version/bin/python -m pytest -n 2 -q tests/store tests/guard tests/topology || exit; \
	done

contract: $(VENV)/.tested
	@$(BIN)/python -m pytest -n 2 -q -m contract tests/contract

test-faults: $(VENV)/.tested
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m pytest -n 2 -q -m "long or not long" tests/topology

test-browser: $(VENV)/.browsing
	@$(BIN)/python -m pytest -q -m browser tests/browser

# The lowest versions that pyproject.toml names. Transitive ones are today's.
test-lowest:
	@$(MAKE) --no-print-directory VENV=.venv-lowest .venv-lowest/.lowest
	@.venv-lowest/bin/python -m pytest -n 2 -q $(TESTS)

test-pythons:
	@for python in $(PYTHONS); do \
	  if $$python -c '' 2>/dev/null; then \
	    echo "$$python: the suite"; \
	    $(MAKE) --no-print-directory PYTHON=$$python VENV=.venv-$$python test || exit; \
	  else echo "$$python: not on PATH, skipped"; fi; \
	done

check: $(VENV)/.tested
	@set -e; start=$$(date +%s); \
	$(MAKE) --no-print-directory lint; \
	$(BIN)/python -m pytest -n 2 -q $(QUICKLY); \
	took=$$(( $$(date +%s) - start )); \
	echo "make check took $$took s"; \
	test $$took -le $(CHECK_BUDGET)

artefact: $(VENV)/.tested
	@$(PIP) install --no-deps --require-hashes --requirement locks/artefact.txt
	@$(BIN)/python -m pytest -q -m artefact tests/artefact

fuzz: $(VENV)/.fuzzed
	@$(BIN)/python -m tests.fuzz

bench: $(VENV)/.benched
	@QUICK=$(QUICK) FULL=$(FULL) $(BIN)/python -m benchmarks $(ONLY)

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Keeps the versions that still fit; UPGRADE=--upgrade takes the newest.
lock: $(VENV)/.made
	@$(PIP) install --group lock
	$(LOCK) pyproject.toml --extra embedded --group dev --output-file locks/development.txt
	$(LOCK) --group artefact --constraint locks/development.txt --output-file locks/artefact.txt
	$(LOCK) pyproject.toml --extra embedded --resolution lowest-direct --output-file locks/lowest.txt

clean:
	rm -rf .venv .venv-*

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "smsctl needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@echo 'Installing smsctl and what it needs into $(VENV), once.' >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install 'pip>=25.1' # dependency groups
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	@$(PIP) install --editable '.[embedded]'
	@touch $@

$(VENV)/.tested: $(VENV)/.made pyproject.toml locks/development.txt
	@$(PIP) install --no-deps --require-hashes --requirement locks/development.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.installed $@

$(VENV)/.lowest: $(VENV)/.tested locks/lowest.txt
	@$(PIP) install --no-deps --require-hashes --requirement locks/lowest.txt
	@touch $@

$(VENV)/.client: $(VENV)/.tested
	@$(PIP) install 'redis==$(CLIENT).*'
	@touch $@

$(VENV)/.benched: $(VENV)/.tested
	@$(PIP) install --group bench
	@touch $@

$(VENV)/.browsing: $(VENV)/.tested
	@$(PIP) install --group browser
	@touch $@

$(VENV)/.fuzzed: $(VENV)/.tested
	@$(PIP) install --group fuzz || echo 'atheris does not install here: the fuzzers go by chance alone'
	@touch $@
