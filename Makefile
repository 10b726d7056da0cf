# Everything a person does here: make run, make test, make check, make endurance.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOP := $(VENV)/.develop
SOURCES := pyproject.toml hatch_build.py $(wildcard frontend/package-lock.json frontend/build.mjs frontend/src/*)

.PHONY: run test check endurance scores clean

run: $(INSTALLED)
	$(BIN)/schuldhulp demo

test: $(DEVELOP)
	$(BIN)/python -m pytest -n 2 -m "not endurance"

check: $(DEVELOP)
	$(BIN)/python tools/links.py
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=build/links $(BIN)/lint-imports

endurance: $(DEVELOP)
	$(BIN)/python -m pytest -m endurance

scores: $(DEVELOP)
	$(BIN)/python -m tests.conformance.scores

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(INSTALLED): $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable .
	touch $(INSTALLED)

$(DEVELOP): $(VENV)/bin/python $(SOURCES)
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(INSTALLED) $(DEVELOP)

clean:
	rm -rf $(VENV) build dist web/static/dist frontend/node_modules
