# Everything a person does here: make run, make test, make check, make endurance.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test check endurance clean

run: $(STAMP)
	$(BIN)/schuldhulp demo

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m "not endurance"

check: $(STAMP)
	$(BIN)/python tools/links.py
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=build/links $(BIN)/lint-imports

endurance: $(STAMP)
	$(BIN)/python -m pytest -m endurance

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist web/static/dist frontend/node_modules
