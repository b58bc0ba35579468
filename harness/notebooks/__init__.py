"""Walkthroughs: lessons as py:percent, executed into notebooks before the build."""
