"""Every benchmark, one after another: `make bench`."""

from importlib import import_module

ALL = (
    "ingest",
    "pages",
    "points_in_areas",
    "scan",
    "near_repeat",
    "aoristic",
    "local_statistics",
    "emerging",
    "kernel_density",
    "density_clusters",
    "place_features",
    "watch",
    "patrol_routes",
    "synthetic_control",
    "many_wards",
    "difference_calibration",
    "gate",
    "forecast",
    "portland",
)

for name in ALL:
    print(f"\n# {name}", flush=True)
    import_module(f"bench.{name}").main()
