# make report   evaluate the embedded county, write reports/demo/report.zh.html and report.en.html
# make test     the quick tests (about ten minutes);  make test-slow: the long statistical ones
# make lab      JupyterLab on working copies of the notebooks, in work/
# make help     all of it
# Each works first in a fresh checkout. PYTHON=python3.12 chooses the Python that .venv is made with.

PYTHON ?= python3
BIN := .venv/bin
COUNTY ?= data/demo_county
OUT ?= reports/demo
JOBS ?= 2
ARGS ?=
LOCK := $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
# A virtual environment does not survive the move of its folder.
MOVED := $(shell [ ! -e .venv/made-in ] || [ "$$(cat .venv/made-in)" = "$$(pwd -P)" ] || echo moved)

.DEFAULT_GOAL := help
.PHONY: moved help setup setup-test report test test-slow bench lint format lab docs reproduce lock wheel wheelhouse clean distclean

help:
	@echo 'make report     evaluate the embedded county -> $(OUT)/report.zh.html, report.en.html'
	@echo '                own data: make report COUNTY=path/to/county OUT=reports/name'
	@echo 'make test       the quick tests, about ten minutes (ARGS="-k petitions" narrows them)'
	@echo 'make test-slow  the long statistical tests'
	@echo 'make bench      speed against the state before and against libraries -> benchmarks/RESULTS.md, COUNTIES.md, REGISTERS.md'
	@echo 'make lab        JupyterLab on working copies of the notebooks in work/ (ARGS="--port 9999 --no-browser")'
	@echo 'make docs       the documentation, searchable without a network -> build/site/index.html, build/site/zh/index.html'
	@echo 'make reproduce  every committed table and figure anew, compared with the committed one (ARGS="--only figures")'
	@echo 'make setup      only install: .venv/bin/village-eval'
	@echo 'make wheelhouse one folder that installs and runs without network, Windows and Linux: docs/office.zh.md'
	@echo 'make lint, format, lock, wheel, clean, distclean    for developers: CONTRIBUTING.md'

moved:

setup: .venv/ready
setup-test: .venv/ready-test

.venv/ready: requirements.lock requirements-bootstrap.lock pyproject.toml tools/install.sh $(MOVED)
	@PYTHON='$(PYTHON)' tools/install.sh requirements.lock
	@touch $@

.venv/ready-test: .venv/ready requirements-test.lock requirements-data.lock
	@PYTHON='$(PYTHON)' tools/install.sh requirements-test.lock requirements-data.lock
	@touch $@

report: .venv/ready
	@echo 'Evaluating $(COUNTY) (a few minutes)'
	@$(BIN)/village-eval report '$(COUNTY)' --out '$(OUT)' --lang both
	@echo 'Open in a browser: $(OUT)/report.zh.html (中文) or $(OUT)/report.en.html (English)'

# The status of pytest itself is kept for .ci/run: make turns every failure into 2.
test: .venv/ready-test
	@rm -f .venv/pytest-status
	@echo 'Running the quick tests (about ten minutes)'
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS); status=$$?; echo $$status > .venv/pytest-status; exit $$status

test-slow: .venv/ready-test
	@echo 'Running the long tests (may take an hour)'
	@$(BIN)/python -m pytest -m slow -n $(JOBS) $(ARGS)

# ARGS='--note "what else the machine was doing"' goes into the results.
bench: .venv/ready-test
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.counties $(ARGS)
	@$(BIN)/python -m benchmarks.registers $(ARGS)

lint: .venv/ready-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	@$(BIN)/mypy

format: .venv/ready-test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lab: .venv/ready
	@$(BIN)/village-eval lab work $(ARGS)

docs: .venv/ready-test
	@echo 'Building the documentation (about two minutes the first time)'
	@$(BIN)/python docs/_ext/build.py
	@echo 'Open in a browser: build/site/index.html, build/site/zh/index.html (中文)'

reproduce: .venv/ready-test
	@echo 'Making every committed table and figure anew (about ten minutes)'
	@$(BIN)/python -m tools.reproduce $(ARGS)

# Raises nothing that need not be raised; add ARGS=--upgrade to move to the newest versions.
lock: .venv/ready
	@$(LOCK) $(ARGS) pyproject.toml -o requirements.lock
	@$(LOCK) $(ARGS) pyproject.toml --extra test --extra certify --extra scale --extra sql --extra docs -c requirements.lock -o requirements-test.lock
	@$(LOCK) $(ARGS) requirements-bootstrap.in -c requirements-test.lock -o requirements-bootstrap.lock
	@echo 'Locked: requirements-bootstrap.lock, requirements.lock, requirements-test.lock. Now: make test'

wheel: .venv/ready
	@$(BIN)/python -m uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist .
	@ls dist/*.whl

# For machines without network, Windows and Linux: docs/office.zh.md. ARGS='--python 3.12' for another Python.
wheelhouse: .venv/ready-test
	@$(BIN)/python -m tools.wheelhouse --out dist/office $(ARGS)

clean:
	rm -rf build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis reports/demo
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

distclean: clean
	rm -rf .venv
