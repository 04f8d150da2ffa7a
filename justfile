# Every check of the project. `just` alone runs them all.

default: format-check lint types contracts docs test

# Rewrite the code in the project's format.
format:
    uv run ruff format .
    uv run ruff check --fix .

format-check:
    uv run ruff format --check .

lint:
    uv run ruff check .

types:
    uv run mypy

contracts:
    uv run lint-imports

# Command reference and other generated parts of the docs are what the code says.
docs:
    uv run cog --check README.md docs/commands.md

# Write those parts anew.
docs-update:
    uv run cog -r README.md docs/commands.md

test *args:
    uv run pytest {{ args }}
