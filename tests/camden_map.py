"""The real Camden map and boundaries in a store, made once for all tests that read them."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from peelian.ingest.boundaries import ingest_boundaries
from peelian.ingest.openstreetmap import ingest_street_maps
from peelian.ingest.population import ingest_population
from peelian.store import Store


@cache
def camden_store(real_data: Path) -> Store:
    """A store with the files of ward boundaries, the Camden extract and the wards' population."""
    folder = Path(tempfile.mkdtemp(prefix="peelian-camden-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = Store.create(folder)
    ingest_boundaries(sorted((real_data / "boundaries").glob("*wards*")), store)
    ingest_street_maps([real_data / "network" / "camden.osm.pbf"], store)
    ingest_population(sorted((real_data / "population").glob("*ward*")), store)
    return store
