"""Judges what a program printed, drew and did: functions of its result alone."""
