"""What the publisher wrote becomes our tables: one source a file, known faults repaired by rule.

Every refused row is kept with its reason, and every import leaves a report. Nothing is
counted, ranked or judged here.
"""
