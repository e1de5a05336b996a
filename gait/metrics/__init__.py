"""Motion and contacts -> measurements."""
