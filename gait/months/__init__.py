"""Month after month: what was kept of a runner, set beside what is filmed now.

assessed   a record -> what a comparison needs of it       plan   the runner's days -> what to work on now
keep       an analysis -> the store, with its decision     pair   two records -> what changed
watched    how far a runner scatters, by his watch
history    all days of a runner, as they are told                     room   what it all takes on the disk
"""
