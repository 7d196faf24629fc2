# d2l-lab. `make` sets up and runs everything on the real data; `make help` lists the rest.

PYTHON ?= python3
CORES ?= all
WORKERS ?= $(shell nproc 2> /dev/null || echo auto)
UV ?= uv
BIN := .venv/bin
LOCK := envs/requirements.txt
CHECK := -E -s -S envs/check.py
SET_UP := -E -s envs/set_up.py
PEERS := .venv-bench
PEERS_LOCK := envs/benchmarks.txt
OVERLAY = $(if $(CONFIGFILE),--configfile $(CONFIGFILE))
TOOL = PYTHONPATH=workflow $(BIN)/python -m d2l_lab.tools

# These would make Python import packages from outside the environment.
unexport PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONUSERBASE VIRTUAL_ENV __PYVENV_LAUNCHER__

.DEFAULT_GOAL := all
.PHONY: all setup test test-cluster lint bench peers explain history compare prune verify watch publish archive pdf docs lock clean help

all: setup ## set up, then run everything on all cores (CORES=2 for fewer)
	@$(BIN)/python -m snakemake --cores $(CORES)

# The environment is rebuilt if it is broken or if the lock has changed; its age does not matter.
# The check takes a few hundredths of a second. If a Python is named on the command line, it must be
# the same, too.
setup: ## make the environment .venv from the locked requirements
	@$(if $(filter command,$(origin PYTHON)),false,$(BIN)/python $(CHECK) .venv $(LOCK)) 2> /dev/null || { \
		command -v $(PYTHON) > /dev/null || { echo "$(PYTHON): not found; name a Python, 3.11 or newer, with make PYTHON=..."; exit 1; }; \
		$(PYTHON) -E -c 'import sys; sys.exit("d2l-lab needs Python 3.11 or newer; name one with make PYTHON=..." if sys.version_info < (3, 11) else 0)' \
		&& $(PYTHON) $(SET_UP) .venv $(LOCK); }

test: setup ## set up, then run the tests, with one process per core (WORKERS=1 for fewer)
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --maxprocesses 8 --dist loadscope $(PYTEST_ARGUMENTS)

test-cluster: setup ## set up, then run the cluster tests on a real Slurm, started on this machine
	@$(BIN)/python -m pytest -m cluster --numprocesses 3 --dist worksteal tests/cluster $(PYTEST_ARGUMENTS)

lint: setup ## check the style of the code and of the workflow
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/snakefmt --check Snakefile workflow/rules
	@$(BIN)/python -m snakemake --lint
	@! test -x $(BIN)/hadolint || $(BIN)/hadolint Containerfile

# This environment includes all of .venv, and adds only the libraries that this project is compared
# with.
peers: setup
	@$(PEERS)/bin/python $(CHECK) $(PEERS) $(PEERS_LOCK) .venv 2> /dev/null \
		|| $(BIN)/python $(SET_UP) $(PEERS) $(PEERS_LOCK) .venv

bench: peers ## measure speed, also of common alternatives (ONLY=training for a part); takes a quarter of an hour
	@PYTHONPATH=workflow:. $(BIN)/python -m benchmarks --peers $(PEERS)/bin/python \
		$(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(filter yes,$(QUICK)),--quick) $(if $(OUTPUT),--output $(OUTPUT)) $(OVERLAY)

explain: setup ## say which results are up to date, and why others are not (CONFIGFILE=... as for snakemake)
	@$(TOOL).explain $(OVERLAY)

history: setup ## list every run of every model with its main metrics, newest first (MODEL=mlp_scratch, CSV=file)
	@$(TOOL).history $(if $(MODEL),--model $(MODEL)) $(if $(CSV),--csv '$(CSV)') $(OVERLAY)

compare: setup ## compare two results and their metrics: A=, B= a model, the beginning of a key, or default (OUTPUT=folder)
	@$(TOOL).compare '$(A)' '$(B)' $(if $(OUTPUT),--output '$(OUTPUT)') $(if $(filter yes,$(TRAIN)),--train) $(OVERLAY)

prune: setup ## list the results that the current configuration does not use; DELETE=yes deletes them
	@$(TOOL).prune $(if $(filter yes,$(DELETE)),--delete) $(OVERLAY)

verify: setup ## check every result, and recompute 3, which must be the same to the bit (RERUN=all for all)
	@$(TOOL).verify --rerun $(or $(RERUN),3) $(OVERLAY)

watch: setup ## run, and serve a page on this machine that follows the run (PORT=8001, CORES=2)
	@$(TOOL).watch --port $(or $(PORT),8000) --cores $(CORES) $(OVERLAY)

publish: setup ## push the book to the branch named in config.yaml, unless it is already there
	@$(TOOL).publish $(OVERLAY)

archive: setup ## pack book, tables, code and provenance in one RO-Crate (OUTPUT=... for another file)
	@$(TOOL).archive $(if $(OUTPUT),--output $(OUTPUT)) $(OVERLAY)

pdf: setup ## print the book as a PDF with an installed Chromium (LANGUAGE=zh, OUTPUT=... for another file)
	@$(TOOL).pdf $(if $(filter command,$(origin LANGUAGE)),--language '$(LANGUAGE)') $(if $(OUTPUT),--output '$(OUTPUT)') $(OVERLAY)

docs: setup ## generate pages of docs/reference from the code, the schemas and this file
	@$(TOOL).reference

lock: ## resolve envs/requirements.in and envs/benchmarks.in again (needs uv)
	@$(UV) pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" --quiet envs/requirements.in --output-file $(LOCK)
	@$(UV) pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--custom-compile-command "make lock" --quiet envs/benchmarks.in --output-file $(PEERS_LOCK)

clean: ## remove everything generated: environment, results with their store, caches
	@rm -rf .venv $(PEERS) .snakemake .pytest_cache .ruff_cache .hypothesis
	@find results -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +
	@find envs workflow benchmarks tests -name __pycache__ -prune -exec rm -rf {} +

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
