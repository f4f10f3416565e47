# Two commands do all the set-up on a fresh machine: `make book` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMP := $(VENV)/.installed
# Chapters may not depend on what a reader's own Python carries.
export PYTHONNOUSERSITE := 1
export PATH := $(BIN):$(PATH)

.PHONY: book serve test lint unit chapters site-tests search bench lock clean

book: $(STAMP)
	jupyter-book build . -W -n --keep-going
	@echo "Open $(CURDIR)/_build/html/index.html, or run: make serve"

serve: book
	python -m http.server --bind 127.0.0.1 --directory _build/html 8000

# Each gate stands on those before it. A chapter is executed once: what `chapters` ran feeds the build.
test: $(STAMP) lint unit chapters site-tests

lint: $(STAMP)
	ruff check .
	mypy

unit: $(STAMP)
	python -m pytest -n 2 --dist loadfile tests --ignore tests/site

chapters: $(STAMP)
	PYTHONPATH=book/_ext python -m pytest -n 2 -p tests.book.execution --nbmake --nbmake-timeout=600 book

site-tests: book
	python -m tests.site.browser
	python -m pytest -n 2 --dist loadfile tests/site

# Other examples than those of `make test`, and many more. What fails is printed, with the line that repeats it;
# it becomes an @example of the test. HYPOTHESIS=--hypothesis-seed=N draws the examples of an earlier search.
search: $(STAMP)
	python -m pytest -n 2 -m hypothesis --hypothesis-profile=search $(HYPOTHESIS) tests --ignore tests/site

bench: $(STAMP)
	python -m tests.benchmarks.product
	python -m tests.benchmarks.flow
	python -m tests.benchmarks.field

# Pins everything for every Python and system at once; needs uv.
lock:
	(echo "# Compiled from pyproject.toml by 'make lock'; edit that instead."; echo "-e ."; \
	uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --all-extras \
	--no-emit-index-url --no-annotate --no-header pyproject.toml) > requirements.lock
	mv requirements.lock requirements.txt

clean:
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "The book needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.txt pins into $(VENV); this takes a minute or two the first time."
	$(BIN)/python -m pip install --requirement requirements.txt
	@touch $@
