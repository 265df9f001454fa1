# `make start` and `make test` need python3 (3.11 or newer) and make, and install the rest into .venv.
# Another Python: make start PYTHON=/path/to/python3.12

.PHONY: start test proof verify pinned bench lint clean constraints installed installed-dev
.DEFAULT_GOAL := start
export PYTHON

bin := .venv/bin

start: installed
	@tools/start

test: lint
	$(bin)/python -m pytest -n 2 --dist loadfile

# The long proofs: every tree at every activity.
proof: installed-dev
	$(bin)/python -m pytest -n 2 -m proof

# The course and its corpus, with the newest packages and with those that the handout pins.
# REPEAT=20 judges everything 20 times and tells what does not come out alike.
verify: installed-dev pinned
	$(bin)/workshop author verify --repeat $(or $(REPEAT),1)
	$(bin)/workshop author verify --repeat $(or $(REPEAT),1) --stack pinned

pinned: build/pinned/.installed

build/pinned/.installed: tools/pinned.txt
	"$$(tools/find-python)" -m venv --clear build/pinned
	build/pinned/bin/python -m pip install --quiet --disable-pip-version-check -r tools/pinned.txt
	@touch $@

# Measures everything side by side, and writes docs/performance.md: on a quiet machine, please.
bench:
	@tools/install dev,bench
	$(bin)/python -m bench

lint: installed-dev
	$(bin)/python -m ruff check .
	$(bin)/python -m ruff format --check .
	$(bin)/python -m mypy
	$(bin)/lint-imports

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Exact versions for every Python from 3.11 and every system, from the names in pyproject.toml.
constraints:
	"$$(tools/find-python)" -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	build/uv/bin/uv pip compile --quiet --universal --upgrade --python-version 3.11 --extra dev --extra bench \
		--no-annotate --no-header --no-emit-index-url --output-file constraints.txt pyproject.toml

# Each looks whether .venv still works, and does nothing if it does.
installed:
	@tools/install

installed-dev:
	@tools/install dev
