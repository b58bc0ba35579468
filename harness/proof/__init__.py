"""The CPU lane: `pytest --codeblocks` runs every block of the pages by our own pool."""
