"""Our numbers against the truth: rendered clips, and markers with force plates."""
