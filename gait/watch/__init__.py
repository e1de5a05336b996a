"""What a runner's watch counted: files -> runs with their cadence -> what it was while a clip was filmed.

run         one run as a watch kept it, and its cadence in the minute of a clip
fit         the file of one run as the watch writes it (FIT)
activities  Garmin Connect's table of many runs (Activities.csv)
file        whichever of them a file is
"""
