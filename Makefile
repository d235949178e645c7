# Needs make and Python 3.11 to 3.13, nothing else. Choose another Python with
#     make book PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP = $(RUN) -m pip install --quiet --quiet --disable-pip-version-check --progress-bar off \
  --root-user-action=ignore
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
CODE := $(wildcard hpcourse tests book exercises)

export TF_CPP_MIN_LOG_LEVEL ?= 3

# An environment whose Python is gone is no environment.
$(shell test ! -e $(LOCKED) || $(RUN) -c "" 2>/dev/null || rm -f $(LOCKED) $(READY))

.DEFAULT_GOAL := help
.PHONY: help setup book exercises test attack weather bench table lint lab clean distclean

help:
	@echo "make setup      create $(VENV) from requirements.lock (about 3 minutes, once)"
	@echo "make book       execute the chapters and build the website in _build/html"
	@echo "make exercises  make the learners' problem sets from their sources, and test them"
	@echo "make test       check everything: lint, book, package, notebooks, website"
	@echo "make attack     try all that is known against the marking"
	@echo "make weather    execute the chapters in other numerical environments (an hour or more)"
	@echo "make bench      measure the package beside its peers (about 50 minutes)"
	@echo "make table      train the networks whose curves hpcourse.tabular replays (about an hour)"
	@echo "make lint       check the code's form"
	@echo "make lab        open the chapters in JupyterLab"
	@echo "make clean      remove what was built"
	@echo "make distclean  remove $(VENV) too"

setup: $(READY)

# The environment is made anew when the lock changes. A mark at the end of each step says that it
# was completed, so an interrupted setup starts over.
$(LOCKED): requirements.lock
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))" 2>/dev/null || { \
	  echo "hpcourse needs Python 3.11, 3.12 or 3.13; $(PYTHON) is" \
	       "$$($(PYTHON) --version 2>/dev/null || echo missing)." \
	       "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@rm -rf $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  echo "Creating $(VENV) and installing the locked packages with uv ..."; \
	  uv venv --quiet --python "$(PYTHON)" $(VENV) && \
	  uv pip install --quiet --python $(RUN) -r requirements.lock; \
	else \
	  echo "Creating $(VENV) ..."; \
	  $(PYTHON) -m venv $(VENV) && \
	  echo "Installing the locked packages: about 3 minutes and 3 GB ..." && \
	  $(PIP) -r requirements.lock; \
	fi
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@echo "Installing hpcourse ..."
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(RUN) --no-deps --editable .; \
	else \
	  $(PIP) --no-deps --editable .; \
	fi
	@touch $@

book: setup
	@$(RUN) book/build.py

exercises: setup
	@$(RUN) -m hpcourse.grading build
	@$(RUN) -m pytest -n 2 tests/test_exercises.py

lint: setup
	@$(RUN) -m ruff check --quiet $(CODE)
	@$(RUN) -m ruff format --quiet --check $(CODE)
	@$(RUN) -m mypy --no-error-summary --cache-dir _build/mypy

# Every chapter is executed once, as a test; the website is built from what that gave and tested.
# What fails does not keep the rest from being said.
test: export HPCOURSE_RUN := $(shell date +%s)
test: lint
	@status=0; \
	$(RUN) -m pytest -n 2 --ignore=tests/test_site.py || status=1; \
	$(RUN) book/build.py || status=1; \
	$(RUN) -m pytest -n 2 --dist=load tests/test_site.py || status=1; \
	exit $$status

# Every case under every protection that works here, as root and as an ordinary user.
attack: setup
	@$(RUN) tests/attack.py

# Executes the chapters in other numerical environments; what has been executed there is kept.
weather: setup
	@$(RUN) book/weather.py

# Chapters read the first result, the third and the last. Of the third, only what other versions or
# other code of ours have made is run again: ours are 10 minutes, the peers that the lock names an hour.
# With AGAINST=COMMIT the marking is measured beside that of the commit.
bench: setup
	@$(RUN) tests/benchmarks/population_throughput.py hpcourse/records/throughput.json
	@$(RUN) tests/benchmarks/study_overhead.py tests/benchmarks/study_overhead.json
	@$(RUN) tests/benchmarks/regret.py hpcourse/records/regret.json --jobs 2 --renew --check
	@$(RUN) tests/benchmarks/ask_time.py tests/benchmarks/ask_time.json --renew --check
	@$(RUN) tests/benchmarks/table_search.py hpcourse/records/table_search.json
	@$(RUN) tests/benchmarks/marking.py tests/benchmarks/marking.json $(if $(AGAINST),--against $(AGAINST))

# Goes on where it was stopped.
table: setup
	@$(RUN) tests/benchmarks/mnist_table.py hpcourse/records/mnist_mlp.npz

lab: setup
	@$(RUN) -m jupyter lab book

clean:
	@rm -rf _build dist .pytest_cache .ruff_cache
	@find $(CODE) \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

distclean: clean
	@rm -rf $(VENV)
