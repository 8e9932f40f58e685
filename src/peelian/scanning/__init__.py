"""Where, and how much: what stands out, what changes and what comes next.

Series, change, ranking and its back-test, concentration, persistence, emerging hot spots, local
statistics, densities, scan statistics, alerts, edges. Methods take tables and return results
with their uncertainty. They read no file and no clock, and cannot see protected characteristics.
"""
