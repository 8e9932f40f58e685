"""The command line: parse, call, print; the exit code says which class of error it was.

No rule, number or wording is decided here.
"""
