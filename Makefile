# One word per job; `make help` lists them.
# Variables: PYTHON, PORT, ONLY, JSON and TORCH_INDEX, as in `make serve PORT=8001`.

PYTHON ?= python3
PORT ?= 8000
ONLY ?=
# For record-gpu: where a torch for an older driver comes from, as in TORCH_INDEX.
CUDA_INDEX ?=
# The newest Python that PyTorch supports; it must be installed.
NEWEST_PYTHON ?= python3.14
# A file for the results of a lane, as in `make tensorflow JSON=run.json`.
override JSON := $(addprefix --json ,$(JSON))
# Where torch comes from: PyTorch's public index, by default its CPU build, which is
# small. For a GPU: make serve TORCH_INDEX=https://download.pytorch.org/whl/cu130
# Where that index does not answer, the plain package index is asked instead.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
TORCH = torch==2.13.0

VENV = .venv
RUN = $(VENV)/bin/python
PIP = $(RUN) -m pip --disable-pip-version-check --quiet
# A tenth of the time of pip, which takes over where uv finds no index.
UV = $(VENV)/bin/uv --quiet pip
# Another version of torch, or another build, is another file: then it is installed.
STAMP = ready-$(subst =,,$(TORCH))-$(notdir $(TORCH_INDEX))
READY = $(VENV)/$(STAMP)
# Environments of packages that do not go with the others.
APART = build/venvs

# Nothing is compiled before it is imported: of 13,000 files a third ever is. What is
# compiled then is kept, whatever the machine says.
unexport PYTHONDONTWRITEBYTECODE

# Files and paths are in UTF-8, whatever the machine writes elsewhere.
export PYTHONUTF8 = 1

# MkDocs 1.6.1 is pinned; Material's notice about its successor is for nobody here.
export NO_MKDOCS_2_WARNING = 1

.DEFAULT_GOAL := help
.PHONY: help install serve pages site test blocks collected tests check weekly texts record \
  record-tensorflow record-torchvision record-ecosystem record-parity record-gpu record-cuda-build cuda-build \
  newest newest-torch record-newest newest-python record-newest-python tensorflow ecosystem torchvision train retrain bench \
  step-cost lighthouse canary others mutation lines steady lint lock lock-torch clean

help: ## show these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

# Torch comes in a step of its own; $(1) is the pip of a virtual environment. Its wheel
# must have a digest that we know, unless another version or index was asked for.
HASHED = --no-deps --only-binary :all: --require-hashes --requirement requirements-torch.txt
OURS = $(filter filefile,$(origin TORCH)$(origin TORCH_INDEX))
WHEEL = $(if $(OURS),$(HASHED),$(TORCH))
# What it needs beside itself: here that is pinned and there already, elsewhere this
# brings it, with NVIDIA's libraries for a build for CUDA.
define take-torch
$(1) install --no-compile --retries 1 --timeout 30 --index-url $(TORCH_INDEX) $(WHEEL) || \
  { echo "$(TORCH_INDEX) does not give it: taking the plain package index"; \
    $(1) install --no-compile $(WHEEL); }
$(1) install --no-compile $(TORCH)
endef

# Imported once, and so compiled: else each kernel of a walkthrough would do it anew. What
# is no part of torch is, while torch comes.
OTHERS = import IPython, ipykernel.ipkernel, matplotlib.pyplot, sklearn.datasets; \
  import bs4, jupytext, mkdocs.commands.build, nbconvert, pydantic

$(READY): requirements.txt requirements-torch.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed: make PYTHON=python3.11'; exit 1; }
	@$(if $(OURS),grep -q '^$(TORCH) ' requirements-torch.txt || \
	  { echo 'requirements-torch.txt has no digests of $(TORCH): make lock-torch'; exit 1; })
	$(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/^    #/p' requirements.txt | $(PIP) install --require-hashes -r /dev/stdin
	$(UV) install --python $(RUN) --require-hashes -r requirements.txt || \
	  $(PIP) install --require-hashes -r requirements.txt
	@ls $(VENV)/ready-* >/dev/null 2>&1 && $(PIP) uninstall --yes torch || true
	@$(RUN) -c '$(OTHERS)' >/dev/null 2>&1 &
	$(call take-torch,$(PIP) --quiet)
	@$(RUN) -c 'import torch'
	@rm -f $(VENV)/ready-*
	@touch $(READY)

install: $(READY) ## what everything here needs, into .venv

serve: $(READY) ## the site on 127.0.0.1, port 8000 or PORT, with live reload
	@$(RUN) -m harness serve --port $(PORT)

pages: $(READY) ## execute what changed, and refuse the pages unless every one holds
	@rm -rf site
	@$(RUN) -m harness notebooks
	@$(RUN) -m harness pages

site: pages ## build the site into site/
	@$(RUN) -m mkdocs build --strict
	@$(RUN) -m harness publish site

# MkDocs builds on one core while blocks run on the others.
test: lint ## everything that must hold before publishing
	@$(MAKE) --no-print-directory --jobs 2 tests

blocks: pages ## run every block of the pages and the README, compare what it prints
	@$(RUN) -m pytest --codeblocks build/pages README.md

# Beside the blocks: else each worker of the tests compiles every test for itself.
collected: site
	@$(RUN) -m pytest tests --collect-only >/dev/null 2>&1 || true

tests: collected blocks ## what the pages claim, what the gate refuses, what a browser shows
	@$(RUN) -m pytest tests --numprocesses 4 --no-loadscope-reorder

check: $(READY) ## one page, in half a minute: make check PAGE=training/data
	@$(RUN) -m harness check $(PAGE)

weekly: site ## what takes hours: full trainings, clean environments, an independent witness
	@$(RUN) -m pytest tests -m weekly
	@LOOKS=all DOWNLOADS=all $(RUN) -m pytest tests/browser/test_pages.py tests/browser/test_downloads.py
	@$(RUN) -m tests.witness

# A Mac's torch is unpacked, not run.
texts: $(APART)/cuda-build/$(STAMP) $(APART)/torchvision/$(STAMP) ## look up quoted texts in the packages that have them: for CUDA, a Mac, torchvision
	@$(UV) install --python $(<D)/bin/python $(TORCH)
	@$(PIP) install --no-compile --upgrade --target $(APART)/mac/lib/python3/site-packages \
	  --platform macosx_15_0_arm64 --python-version 3.11 $(HASHED)
	@TEXTS=all $(RUN) -m pytest tests/claims/errors/test_index.py -k in_the_package_that_has_it

record: $(READY) ## record what snippets print (all, or ONLY=tensors/broadcast)
	@$(RUN) -m harness run --record $(ONLY)

record-parity: $(READY) ## measure PyTorch against Keras, row by row of the matrix
	@$(RUN) -m lab.parity

record-tensorflow: $(APART)/tensorflow/$(STAMP) ## the same, of the programs that need TensorFlow
	@$(APART)/tensorflow/bin/python -m harness run --lane tensorflow --record $(ONLY)

# All is pinned but torch, for which others ask: with hashes, pip would refuse them.
$(APART)/tensorflow/$(STAMP) $(APART)/ecosystem/$(STAMP): $(APART)/%/$(STAMP): requirements-%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --no-deps --require-hashes -r $<
	$(call take-torch,$(@D)/bin/pip --quiet)
	@touch $@

record-cuda-build: $(APART)/cuda-build/$(STAMP) ## the same, with a torch built for CUDA and no GPU
	@$(UV) install --python $(<D)/bin/python $(TORCH)
	@$(<D)/bin/python -m harness run --lane cuda-build --record $(ONLY)

cuda-build: $(APART)/cuda-build/$(STAMP) ## run them with it, compare what they print
	@$(UV) install --python $(<D)/bin/python $(TORCH)
	@$(<D)/bin/python -m harness run --lane cuda-build $(JSON)

record-gpu: $(APART)/cuda-build/$(STAMP) ## on a GPU: what they print there, and how fast it is
	@$(UV) install --python $(<D)/bin/python $(addprefix --reinstall-package torch --index-url ,$(CUDA_INDEX)) $(TORCH)
	@$(<D)/bin/python -m harness run --lane gpu --record $(ONLY)
	@test -n "$(ONLY)" || $(<D)/bin/python -m lab gpu-numbers
	@echo 'To commit:'; git status --short -- recorded snippets

newest: newest-torch ## run them with the newest torch, compare what they print
	@$(APART)/newest/bin/python -m harness run --lane newest $(JSON)

newest-torch: $(APART)/newest/$(STAMP) ## an environment with the newest torch that installs
	@$(UV) install --python $(<D)/bin/python --upgrade torch

record-newest: newest-torch ## the same, with that torch
	@$(APART)/newest/bin/python -m harness run --lane newest --record $(ONLY)

newest-python: $(APART)/newest-python/$(STAMP) ## run them with the newest Python, compare what they print
	@$(UV) install --python $(<D)/bin/python $(TORCH)
	@$(<D)/bin/python -m harness run --lane newest-python $(JSON)

record-newest-python: $(APART)/newest-python/$(STAMP) ## the same, with that Python
	@$(UV) install --python $(<D)/bin/python $(TORCH)
	@$(<D)/bin/python -m harness run --lane newest-python --record $(ONLY)

# Unlike pip, uv asks the plain index alone: its torch for Linux is built for CUDA.
$(addprefix $(APART)/,$(addsuffix /$(STAMP),cuda-build newest newest-python)): requirements.txt | $(READY)
	$(if $(findstring newest-python,$@),$(NEWEST_PYTHON),$(PYTHON)) -m venv $(@D)
	$(UV) install --python $(@D)/bin/python --require-hashes -r requirements.txt
	@touch $@

tensorflow: $(APART)/tensorflow/$(STAMP) ## run those programs, compare what they print
	@$(<D)/bin/python -m harness run --lane tensorflow $(JSON)

record-ecosystem: $(APART)/ecosystem/$(STAMP) ## the same, of the programs that need libraries around PyTorch
	@$(APART)/ecosystem/bin/python -m harness run --lane ecosystem --record $(ONLY)

ecosystem: $(APART)/ecosystem/$(STAMP) ## run those programs, compare what they print
	@$(<D)/bin/python -m harness run --lane ecosystem $(JSON)

torchvision: $(APART)/torchvision/$(STAMP) ## run those programs, compare what they print
	@$(<D)/bin/python -m harness run --lane torchvision $(JSON)

record-torchvision: $(APART)/torchvision/$(STAMP) ## the same, of a torchvision that does not fit
	@$(APART)/torchvision/bin/python -m harness run --lane torchvision --record $(ONLY)
	@$(APART)/torchvision/bin/python -m lab.torchvision

# On Linux the plain index has a torchvision for CUDA, beside a torch for CPUs.
$(APART)/torchvision/$(STAMP): requirements.txt
	$(PYTHON) -m venv $(@D)
	$(call take-torch,$(@D)/bin/pip --quiet)
	$(@D)/bin/pip install --quiet numpy==2.4.6 pillow==13.0.0
	$(@D)/bin/pip install --quiet --no-deps torchvision==0.28.0
	@touch $@

train: $(READY) ## train the weights that the site ships anew (minutes), with their cards
	@$(RUN) -m lab train

retrain: $(READY) ## train them too, but only to hold them to their cards
	@$(RUN) -m lab train --check

bench: $(READY) ## what running snippets costs, beside four other ways (minutes)
	@$(RUN) -m lab bench

step-cost: $(READY) ## time a training step of PyTorch and of Keras, record it
	@$(RUN) -m lab step-cost

lighthouse: site ## score a page of each kind as a phone sees them (needs npm)
	@npm --prefix tests/lighthouse ci --silent --no-audit --no-fund
	@$(RUN) -m tests.lighthouse.measure

canary: site $(APART)/properdocs/ready $(APART)/zensical/ready ## build the site with ProperDocs and Zensical, compare
	@$(RUN) -m tests.canary

$(APART)/properdocs/ready $(APART)/zensical/ready: $(APART)/%/ready: requirements-%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --require-hashes -r $<
	@touch $@

others: $(READY) ## ask other tools about the broken pages of tests/gate, record it
	@$(RUN) -m tests.gate.others

mutation: $(READY) ## change judge, gate and numbers of pages: do tests notice? record it
	@$(RUN) -m tests.mutation

lines: $(READY) ## take each line out of the programs: which change nothing? record it
	@$(RUN) -m tests.lines

steady: $(READY) ## ten runs in other surroundings (half an hour): is the result the same?
	@$(RUN) -m tests.steadiness $(ONLY)

lint: $(READY) ## ruff, on programs and snippets
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .

# What pins, apart from what it pins: it need not be installed, and no pin hinders it.
LOCK = build/lock
$(LOCK)/ready: requirements.in
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet pip-tools==7.6.2 $$(grep '^uv==' requirements.in)
	@touch $@

lock: lock-torch ## requirements*.txt from requirements*.in: pins with hashes, no addresses
	for file in requirements.in requirements-tensorflow.in requirements-properdocs.in \
	  requirements-zensical.in; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(LOCK)/bin/pip-compile --quiet \
	    --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host $$file || exit; \
	done
	echo 'torch; sys_platform == "never"' > $(LOCK)/without-torch
	$(LOCK)/bin/uv --quiet pip compile --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --custom-compile-command "make lock" --override $(LOCK)/without-torch \
	  requirements-ecosystem.in --output-file requirements-ecosystem.txt

lock-torch: $(LOCK)/ready ## requirements-torch.txt: the digests of TORCH, from both indexes
	for index in $(TORCH_INDEX) https://pypi.org/simple; do \
	  echo '$(TORCH)' | $(LOCK)/bin/uv --quiet pip compile --no-deps --generate-hashes \
	    --default-index $$index - || exit; \
	done > $(LOCK)/torch
	{ sed '/^torch/,$$d' requirements-torch.txt; echo '$(TORCH) \'; \
	  grep -oh 'sha256:[0-9a-f]*' $(LOCK)/torch | sort -u | \
	  sed 's/^/    --hash=/; $$!s/$$/ \\/'; } > $(LOCK)/torch.txt
	mv $(LOCK)/torch.txt requirements-torch.txt

clean: ## remove all that was made
	rm -rf $(VENV) build site docs/assets/figures docs/assets/search overrides/stamps
