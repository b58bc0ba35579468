"""Refuses pages: every check that stands between a page and its publication."""
