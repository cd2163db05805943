# make help lists the verbs.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
HOST ?= 127.0.0.1
PORT ?= 7860
export HOST PORT
# uv installs into the environment that is active: let that be ours.
export VIRTUAL_ENV := $(CURDIR)/.venv

.DEFAULT_GOAL := help
.PHONY: help run demo index ask test check format bench evals lock bundle offline clean

help: ## 列出全部命令 / list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: .venv/.run ## 安装依赖(首次)、建好索引、启动网页 / install, index, serve
	@$(BIN)/python app.py

index: .venv/.run ## 只建立或更新索引 / build or refresh the index
	@$(BIN)/python -m corpus build

demo: export BOT_DATABASE_URL := sqlite:///$(CURDIR)/data/demo.db
demo: .venv/.run ## 放好演示数据再启动,看坐席和管理页面 / serve with demonstration records
	@$(BIN)/python -m bot demo && $(BIN)/python app.py

ask: .venv/.run ## 在终端提问:make ask Q="问题" / ask in the terminal
	@$(BIN)/python -m bot ask "$(Q)"

test: check ## 检查格式和类型，安装测试所需，运行全部测试 / check, install what tests need, run them all
	@tests/browser/install.sh
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

check: .venv/.dev ## 格式、规范、类型检查 / format, lint, types
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

format: .venv/.dev ## 自动整理格式 / format in place
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: .venv/.dev ## 性能测量 / measure speed and memory
	@$(BIN)/python -m evals.bench

evals: .venv/.dev ## 运行评测并刷新 docs/scorecard.md / run the evaluation set
	@$(BIN)/python -m evals

lock: ## 由 pyproject.toml 重新生成锁文件 / renew the locks
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock

bundle: .venv/bin/uv ## 做不用联网的安装包,放在 dist/ / make the bundle that installs without a network
	@docs/deploy/bundle.sh $(BIN)/python $(BIN)/uv $(UV_VERSION)

offline: ## 断网安装 dist/ 里的安装包,试答一个问题 / try the bundle with the network cut
	@docs/deploy/offline.sh

clean: ## 删除环境、索引和缓存 / remove environment, index and caches
	@rm -rf .venv data dist .ruff_cache .mypy_cache .pytest_cache

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "需要 Python 3.11,当前是 $$($(PYTHON) -V);请安装后用 make PYTHON=python3.11 … 再试" >&2; exit 1; }
	@echo "准备环境(首次约需一分钟)…"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.run: requirements.lock | .venv/bin/uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.run
