"""Speed and memory, measured beside a peer in one run and printed as ratios; nothing is asserted.

Correctness lives in `tests`. Run all with `make bench`, one with `python -m bench.ingest`.
"""
