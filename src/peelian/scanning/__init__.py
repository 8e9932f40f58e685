"""Where, and how much: series, rankings, persistence and change over tables of records.

Methods take tables and return results with their intervals. They read no file and no
clock, and cannot see protected characteristics.
"""
