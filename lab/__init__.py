"""Instruments: they measure or train what pages show, and write `recorded/`."""
