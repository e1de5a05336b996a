"""The frame player: exact frames, drawn over, edited, locked by gait phase."""
