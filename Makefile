# Two commands do all the set-up on a fresh machine: `make book` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMP := $(VENV)/.installed
# Chapters may not depend on what a reader's own Python carries.
export PYTHONNOUSERSITE := 1
export PATH := $(BIN):$(PATH)
# Nor may the gates hang on what a shell has set for other programs; without asserts they check nothing.
unexport PYTHONOPTIMIZE PYTHONWARNINGS PYTHONSTARTUP $(filter JAX_% XLA_% MPL%,$(filter-out JAX_PLATFORMS,$(.VARIABLES)))
export JAX_PLATFORMS ?= cpu
# What chapters and claims measure alike is computed once, hence with as many threads.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export NMN_RESULTS := $(CURDIR)/_build/results
# Tests of the library do not compile again what they compiled before, in this folder, on this machine.
export NMN_COMPILED := $(CURDIR)/_build/compiled

.PHONY: book serve test check lint unit chapters site-tests search bench lock clean

# Where nothing has changed since the last sound build, there is nothing to do.
book: $(STAMP)
	@python book/_ext/site_stamp.py || jupyter-book build . -W --keep-going
	@echo "Open $(CURDIR)/_build/html/index.html, or run: make serve"

serve: book
	python -m http.server --bind 127.0.0.1 --directory _build/html 8000

# Each gate stands on those before it, also under `make -j`. A chapter is run once: the build takes
# over what `chapters` ran.
test: $(STAMP)
	$(MAKE) lint
	$(MAKE) unit
	$(MAKE) chapters
	$(MAKE) site-tests

# For whoever writes: all that concerns the pages that differ from the last commit, or PAGE=book/part/page.md.
check: $(STAMP)
	python -m tests.check before $(PAGE)
	$(MAKE) book
	python -m tests.check after $(PAGE)

lint: $(STAMP)
	ruff check .
	mypy

unit: $(STAMP)
	python book/_ext/offline_assets.py
	python -m pytest -n auto --dist worksteal tests --ignore tests/site

chapters: $(STAMP)
	PYTHONPATH="book/_ext$${PYTHONPATH:+:$$PYTHONPATH}" python -m pytest -p tests.book.execution --nbmake book

site-tests: book
	python -m tests.site.browser
	python -m pytest -n 2 tests/site

# Other examples than those of `make test`, and many more. What fails is printed, with the line that repeats it;
# it becomes an @example of the test. HYPOTHESIS=--hypothesis-seed=N draws the examples of an earlier search.
# Then the tests are tried: of a hundred small changes of the code, others each week, they must notice 95.
search: $(STAMP)
	python -m pytest -n auto -m hypothesis --hypothesis-profile=search $(HYPOTHESIS) tests --ignore tests/site
	python book/_ext/offline_assets.py
	python -m tests.site.browser
	python -m tests.teeth --count 100 --seed $(WEEK) --at-least 95

WEEK ?= $(shell date +%G%V)

bench: $(STAMP)
	python -m tests.benchmarks.product
	python -m tests.benchmarks.flow
	python -m tests.benchmarks.field

# Pins everything for every Python and system at once, and keeps the pins that still fit; UPGRADE=--upgrade
# takes the newest. Needs uv.
lock:
	cp requirements.txt requirements.lock
	uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --all-extras \
	--no-emit-index-url --no-annotate --no-header $(UPGRADE) --output-file requirements.lock pyproject.toml
	(echo "# Compiled from pyproject.toml by 'make lock'; edit that instead."; echo "-e ."; \
	cat requirements.lock) > requirements.txt
	rm requirements.lock

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(STAMP): requirements.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "The book needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@mkdir $(VENV).lock || { echo "Another make installs into $(VENV): wait for it, or remove $(VENV).lock"; exit 1; }
	@echo "Installing what requirements.txt pins into $(VENV); this takes a minute or two the first time."
	@trap 'rmdir $(VENV).lock' EXIT; trap 'exit 1' HUP INT TERM; set -x; \
	"$(PYTHON)" -m venv $(VENV) && "$(BIN)/python" -m pip install --requirement requirements.txt && touch $@
