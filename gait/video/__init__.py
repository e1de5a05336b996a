"""File -> upright RGB frames with their true times."""
