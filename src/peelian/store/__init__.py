"""Where published tables rest: Parquet partitions behind a catalogue, each swapped whole.

Read-only to every room but `ingest` and `town`. What a column means is `core`'s; how a
publisher wrote it is `ingest`'s.
"""

from peelian.store.partitions import Partition, PartitionKey, RowCounts, SourceFile
from peelian.store.store import Store
from peelian.store.writer import Writer

__all__ = ["Partition", "PartitionKey", "RowCounts", "SourceFile", "Store", "Writer"]
