# Everything a developer or an operator types. `make` alone lists it.
# Each target prepares what it needs first: scripts/bootstrap.py does only what is not done yet.

PYTHON ?= python3
SIZE ?= province

READY := $(PYTHON) scripts/bootstrap.py
VENV := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help run test check bench e2e client lock
.DEFAULT_GOAL := help

help: ## list the targets
	@echo "make TARGET, one of:"
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'
	@echo "Settings: JINZHU_PORT, JINZHU_DATA, DATABASE_URL, REDIS_URL (see README.md)"

run: ## start everything and print the address; Ctrl-C stops it
	@$(READY) run console
	@exec $(VENV)/python -m jinzhu.embedded.run

test: ## run the tests (all but the browser's)
	@$(READY) dev
	@$(VENV)/python -m pytest --ignore=tests/e2e -n 2 --dist loadfile --no-loadscope-reorder

e2e: ## run the browser tests in Chromium
	@$(READY) dev console browser
	@$(VENV)/python -m pytest tests/e2e

check: ## formatting, lint, types, import rules, migrations, generated client, console
	@$(READY) dev node
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	cd frontend && npm exec --offline -- pyright --project .. --pythonpath ../$(VENV)/python
	$(VENV)/python scripts/with_servers.py sh -c '$(VENV)/jinzhu migrate && $(VENV)/jinzhu migrate --check'
	$(VENV)/python scripts/client.py --check
	cd frontend && npm run check && npm test

bench: ## measure (SIZE=tiny, province or country)
	@$(READY) dev console
	@$(VENV)/python -m bench --size $(SIZE)

client: ## write the console's API client anew, from the routes
	@$(READY) dev node
	@$(VENV)/python scripts/client.py

lock: ## choose the newest packages and lock them with their hashes
	@$(READY) dev
	@$(VENV)/python scripts/lock.py
