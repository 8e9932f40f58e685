"""The words every room shares: areas, months, crimes, stops, places, counts, results, errors.

Here live values and table schemas, with what is true of them by definition. No file is
read or written here, nothing is estimated, and no other room is imported.
"""
