"""Frames -> one runner's landmarks."""
