# Two commands do everything on a fresh machine that has Python 3.11 or later:
#   make run    a ward's page, built from the made town, served on this machine
#   make test   the tests (a browser, Chromium, is installed first where it can be)
#
# With real files:
#   make run ARCHIVE="street.zip stops.zip" BOUNDARIES=folder NETWORK=folder PAGE=page.txt WARD=E05013669

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= demo
PORT   ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run site test lint bench browser lock clean

help:
	@sed -n 's/^#   \(make .*\)/\1/p' Makefile

$(VENV)/pyvenv.cfg:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

# The page: the made town's unless real files are named.
site: $(VENV)/run.stamp
ifdef ARCHIVE
	$(if $(WARD),,$(error ARCHIVE needs WARD, the code of the ward to publish: WARD=E05013669))
	$(BIN)/peelian ingest $(ARCHIVE) $(BOUNDARIES) $(NETWORK) $(POPULATION) --store $(OUT)/store
ifdef PAGE
	$(BIN)/peelian import-page $(PAGE) --ward $(WARD) --store $(OUT)/store --to $(OUT)/$(WARD).toml --replace
endif
	$(BIN)/peelian publish $(WARD) --store $(OUT)/store $(if $(PAGE),--ward-file $(OUT)/$(WARD).toml) --site $(OUT)/site
else
	$(if $(BOUNDARIES)$(NETWORK)$(POPULATION)$(PAGE)$(WARD),$(error Real files need ARCHIVE too: an archive of data.police.uk))
	$(BIN)/peelian demo --to $(OUT)
endif

run: site
	$(BIN)/peelian serve $(OUT)/site --port $(PORT)

browser:
	@command -v chromium >/dev/null 2>&1 || { \
	  echo "Chromium is needed by the browser tests; installing it with apt-get"; \
	  SUDO=$$(command -v sudo || true); \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; fi; \
	  $$SUDO apt-get update -q && $$SUDO apt-get install -q -y --no-install-recommends chromium; } \
	|| echo "Chromium could not be installed: the browser tests will be skipped, with that reason"

test: browser $(VENV)/test.stamp lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/test.stamp
	$(BIN)/python -m bench

# Rewrites the hash-locked requirements; needs uv.
lock:
	uv pip compile pyproject.toml --extra all --extra build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.txt
	uv pip compile pyproject.toml --extra all --extra build --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -c requirements.txt -o requirements-test.txt

clean:
	rm -rf $(VENV) $(OUT)
