"""Measurements -> one cue, or none and why."""
