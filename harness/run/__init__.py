"""Runs programs: one program, one process, with limits on all that it may do."""
