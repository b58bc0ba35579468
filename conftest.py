"""What pytest needs here beyond its plugins."""

import os

# Pages show what a CPU prints; this must be set before torch is imported.
os.environ["CUDA_VISIBLE_DEVICES"] = ""

# Finds and judges the blocks of the pages: pytest --codeblocks build/pages README.md
pytest_plugins = ["harness.proof.plugin"]
