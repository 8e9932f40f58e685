"""Every benchmark, one after another: `make bench`."""

from bench import ingest, pages

ingest.main()
pages.main()
