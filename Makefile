# One file of commands for people and CI. `make help` lists them.
# A fresh machine needs Python 3.11+, make and curl; everything else is installed here.

PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/.cache/bytecode
export JSII_RUNTIME_PACKAGE_CACHE_ROOT := $(CURDIR)/.venv/.cache/jsii
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: .types .style .console help setup up demo test check integration soak bench wheel docs docs-serve pictures format lock clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: .venv/.ready  ## install everything into .venv and node_modules

.venv/.ready: lock/uv.txt lock/requirements.txt package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit("onetime-urls needs Python 3.11 or newer, this is %d.%d: set PYTHON=/path/to/python3" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Installing into .venv (once; the packages are pinned in lock/) ..."
	@$(PYTHON) -m venv .venv || { echo "python3 -m venv failed: on Debian and Ubuntu, install python3-venv"; exit 1; }
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r lock/uv.txt
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r lock/requirements.txt
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@.venv/bin/python -c "import app" & .venv/bin/npm ci --silent --no-audit --no-fund && wait $$!  # it unpacks the CDK
	@touch $@

up: setup  ## a local cloud in the foreground, until Ctrl-C (PORT, AWS_PORT, LOCAL_DIR, ISSUER_AUTH, REGION)
	@python -m local_cloud up

demo: setup  ## one link, one download: shown on a local cloud of its own
	@python -m local_cloud demo

test: setup check  ## everything that a change must pass
	pytest --local-cloud --numprocesses auto --dist loadscope --no-loadscope-reorder

check: setup  ## formatting, lint, types, import contracts, the console's small tests
	@$(MAKE) --no-print-directory --keep-going --jobs 2 .types .style .console

.types:
	mypy --no-error-summary

.style:
	ruff format --check --quiet
	ruff check --quiet
	lint-imports --no-cache --no-logo

.console:
	biome check --reporter=summary --log-level=error
	tsc
	node --test --test-reporter=dot --test-timeout=20000 tests/console/*.test.js

integration: setup  ## the suite against `make up`, or against AWS with STACK=OneTimeUrls
	pytest tests/integration --quiet --no-header -rfE --tb=short

soak: setup  ## links under faults and attack, at length: 1,000 schedules, 10,000 requests, the fuzzer
	pytest --quiet --hypothesis-profile=soak tests/store/test_link_life.py tests/store/test_share_life.py
	@python -m tests.soak

bench: setup  ## what the guards and the other doors cost, beside others of their kind
	python -m benchmarks

wheel: setup  ## build dist/onetime_urls-*.whl: the library, the command, and the functions that constructs deploy
	@python -m hatchling build --target wheel

docs: setup  ## the documentation as a site, in build/site
	@node docs/_site/diagrams.mjs
	@NO_MKDOCS_2_WARNING=1 mkdocs build  # not --quiet: it wouldn't count warnings

docs-serve: setup  ## the site on http://127.0.0.1:8000, made anew as files change (DOCS_PORT)
	@node docs/_site/diagrams.mjs
	@NO_MKDOCS_2_WARNING=1 mkdocs serve --dev-addr 127.0.0.1:$(or $(DOCS_PORT),8000)

pictures: setup  ## the pictures of console and share page in docs/images, by Chromium
	@python -m tests.console.pictures
	@python -m tests.pages.pictures

format: setup  ## format the code and mend what lint can
	ruff check --fix --quiet
	ruff format --quiet
	biome check --write --log-level=error

lock: .venv/.ready  ## pin the newest permitted packages, without any registry's address
	$(LOCK) --upgrade --all-extras pyproject.toml -o lock/requirements.txt
	echo uv | $(LOCK) --upgrade - -o lock/uv.txt
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:  ## remove everything that make created here
	rm -rf .venv node_modules build dist cdk.out .local .local-demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
