# `make start` and `make test` need python3 (3.11 or newer) and make, and install the rest into .venv.
# Another Python: make start PYTHON=/path/to/python3.12

.PHONY: start test proof verify pinned bench lint clean constraints
.DEFAULT_GOAL := start
export PYTHON

bin := .venv/bin
installed := .venv/.installed
installed_dev := .venv/.installed-dev

# An environment that was moved or copied starts the Python of its old place: install again.
ifneq ($(shell cat .venv/.place 2>/dev/null),$(CURDIR))
$(shell rm -f $(installed) $(installed_dev))
endif

start: $(installed)
	@tools/start

test: lint
	$(bin)/python -m pytest -n 2 --dist loadfile

# The long proofs: every tree at every activity.
proof: $(installed_dev)
	$(bin)/python -m pytest -n 2 -m proof

# The course and its corpus, with the newest packages and with those that the handout pins.
# REPEAT=20 judges everything 20 times and tells what does not come out alike.
verify: $(installed_dev) pinned
	$(bin)/workshop author verify --repeat $(or $(REPEAT),1)
	$(bin)/workshop author verify --repeat $(or $(REPEAT),1) --stack pinned

pinned: build/pinned/.installed

build/pinned/.installed: tools/pinned.txt
	"$$(tools/find-python)" -m venv --clear build/pinned
	build/pinned/bin/python -m pip install --quiet --disable-pip-version-check -r tools/pinned.txt
	@touch $@

# Measures everything side by side, and writes docs/performance.md: on a quiet machine, please.
bench: $(installed_dev)
	@tools/install dev,bench
	$(bin)/python -m bench

lint: $(installed_dev)
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

$(installed): pyproject.toml constraints.txt
	@tools/install
	@touch $@

$(installed_dev): pyproject.toml constraints.txt
	@tools/install dev
	@touch $(installed) $@
