"""Runs the snippets, records what they print, and reads the pages that show it."""
