# Two commands do all the set-up: `make demo` runs the main job, `make test` passes the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT := out/demo
SYSTEM_LIBRARIES := libegl1 libgles2 libgl1 libglib2.0-0
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

RBDS ?= ../shared/data/rbds
STUDY := out/study

.PHONY: help demo test app lint lock accuracy bench samples study clean system

help:
	@echo "make demo   analyse four bundled clips of one runner, one from each side: numbers, one cue, report"
	@echo "make app    open the app in your browser"
	@echo "make test   run the tests"
	@echo "make lint   check style and types"
	@echo "make lock   make requirements.lock again, after a change of packages"
	@echo "make accuracy  print the figures of docs/accuracy.md again"
	@echo "make bench  measure time and memory (about a quarter of an hour)"
	@echo "make samples  render the bundled clips and their truth again (about 20 minutes)"
	@echo "make study  render the study set and measure our errors on its test bodies (an hour and a half)"
	@echo "make clean  remove the environment and what was written"

demo: $(VENV)/.ready
	$(BIN)/gait models --fetch
	$(BIN)/gait analyze sample_videos/runner_a_side_120.mp4 sample_videos/runner_a_right_120.mp4 \
		sample_videos/runner_a_rear_60.mp4 sample_videos/runner_a_front_60.mp4 \
		--height-cm 180 --speed-kmh 10.8 --out $(OUT)
	@echo
	@echo "The report with pictures and video: $(OUT)/report.html"

test: $(VENV)/.ready
	$(BIN)/gait models --fetch
	$(BIN)/python -m pytest

app: $(VENV)/.ready
	$(BIN)/gait app

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

accuracy: $(VENV)/.ready
	$(BIN)/gait models --fetch
	$(BIN)/gait validate sample_videos
	$(BIN)/python -m studies.accuracy

bench: $(VENV)/.ready
	$(BIN)/gait models --fetch
	$(BIN)/python -m studies.benchmark

samples: $(VENV)/.render
	$(BIN)/python -m sample_videos.render samples

study: $(VENV)/.render
	$(BIN)/gait models --fetch
	$(BIN)/python -m sample_videos.render study --keep --out $(STUDY) $(if $(wildcard $(RBDS)),--rbds $(RBDS))
	$(BIN)/gait validate $(STUDY)/test --out $(STUDY)/figures

clean:
	rm -rf $(VENV) out

# The pose model's library needs OpenGL's files on Linux; desktop systems have them.
system:
	@if [ "$$(uname)" = Linux ] && command -v apt-get >/dev/null && ! ldconfig -p | grep -q libGLESv2.so.2; then \
		echo "Installing system libraries: $(SYSTEM_LIBRARIES)"; \
		as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$as_root apt-get update -qq && $$as_root apt-get install -y --no-install-recommends $(SYSTEM_LIBRARIES); \
	fi

$(VENV)/.ready: pyproject.toml requirements.lock | system
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT= $(BIN)/python -m pip install --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation --editable .
	@touch $@

# The lock, made again from pyproject.toml and constraints.txt, with the hashes of every file that PyPI lists.
lock: $(VENV)/.ready
	$(BIN)/python -m pip install uv
	$(BIN)/uv pip compile pyproject.toml --extra test --extra setup --constraints constraints.txt \
		--universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" --quiet --output-file requirements.lock

# The renderer's packages; on Linux, take PyTorch's processor-only build where pip offers it.
$(VENV)/.render: $(VENV)/.ready
	$(BIN)/python -m pip install --editable ".[test,render]"
	@touch $@
