"""Analysis -> pictures, video, report, tables and the record that others build on."""
