"""Definitions of what is counted: one YAML file a measure, and the strict loader.

What a measure means, where it may be counted from and what it cannot tell live here; so do
harm indices and typical seasons, with their sources. No record is read and nothing is counted.
"""

from peelian.measures.loader import load_measures, measure, read_measure

__all__ = ["load_measures", "measure", "read_measure"]
