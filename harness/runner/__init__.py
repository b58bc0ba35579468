"""Runs snippets, and compares or records what they print."""
