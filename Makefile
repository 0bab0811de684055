# Everything needs only Python 3.11+ (with venv), make and a shell.
#   make run     set up what is missing, then portal, admin, worker and clock on one terminal
#   make test    everything that must hold, in an environment of its own, browser tests included
#   make bench   the measurements, written to var/bench.md
#   make lock    lock the requirements again after a change in requirements/*.in
#   make clean   remove the environments and everything written (var/), the demo's data included

PYTHON ?= python3
PORT ?= 8000
RUN = .venv/bin/python
TEST = .venv-test/bin
PIP = -m pip --disable-pip-version-check --quiet install --require-hashes --requirement

.PHONY: run test lint bench lock clean
.DELETE_ON_ERROR:

run: .venv/ready
	@PORT=$(PORT) $(RUN) manage.py run

.venv/ready: requirements/runtime.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@echo "Installing into .venv (once; a minute or so)…"
	@$(PYTHON) -m venv .venv
	@$(RUN) $(PIP) requirements/runtime.txt
	@touch $@

test: .venv-test/ready
	@$(TEST)/python tests/all.py

lint: .venv-test/ready
	@$(TEST)/python tests/all.py --only lint

bench: .venv-test/ready
	@$(TEST)/python tests/bench.py

.venv-test/ready: requirements/runtime.txt requirements/test.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@echo "Installing into .venv-test (once)…"
	@$(PYTHON) -m venv .venv-test
	@$(TEST)/python $(PIP) requirements/runtime.txt
	@$(TEST)/python $(PIP) requirements/test.txt
	@touch $@

lock:
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip --quiet install uv
	@for part in runtime test; do .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate requirements/$$part.in --output-file requirements/$$part.txt; done

clean:
	rm -rf .venv .venv-test .venv-lock var
