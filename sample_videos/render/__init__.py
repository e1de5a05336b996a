"""A treadmill runner drawn by computer: every joint, contact and metric of the clip is known exactly."""
