# Two commands do all the set-up: `make demo` and `make test`. They need Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
SCALE ?= 1

.PHONY: help install demo test lint bench messages lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 12

$(BIN)/microcities: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("microcities needs Python 3.11 or newer, and this is %s. Name another one: make $(MAKECMDGOALS) PYTHON=/usr/bin/python3.11" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -m microcities.locale compile
	@touch $@

$(VENV)/.dev: $(BIN)/microcities requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(BIN)/microcities  ## .venv with the command microcities

demo: install  ## the demo programme, running (PORT=8000, SCALE=1)
	$(BIN)/microcities demo --port $(PORT) --scale $(SCALE)

test: $(VENV)/.dev  ## all tests
	$(BIN)/python -m tests

lint: $(VENV)/.dev  ## style, types, import rules, limits
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(VENV)/.dev  ## the design's figures, measured on this machine
	$(BIN)/python -m bench

messages: $(VENV)/.dev  ## collect and check translations
	$(BIN)/python -m microcities.locale collect

lock: $(VENV)/.dev  ## requirements.txt anew from requirements.in
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --allow-unsafe --output-file requirements-dev.txt requirements-dev.in

clean:  ## remove the virtual environment and the demo's data
	rm -rf $(VENV) .data
