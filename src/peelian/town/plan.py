"""The bones of the town, drawn by hand: what the page names is here, and never moves.

All positions are metres east and north of ORIGIN. The seed decides the smaller streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

# In the Wash, on sand that the tide covers: nobody's street can be meant by it.
ORIGIN = (556_000.0, 343_500.0)  # EPSG:27700, metres
CENTRE = (1250.0, 960.0)
RADII = (1270.0, 930.0)
_VERTEX_EVERY_M = 20

PlotKind = Literal["block", "park", "estate", "school", "retail", "car_park", "recreation"]


@dataclass(frozen=True)
class MainRoad:
    """A road that the town grew along. It may run past the town's edge, where it is cut."""

    name: str
    highway: str
    through: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class WardPlan:
    """A ward and a point that lies in it."""

    code: str
    name: str
    inside: tuple[float, float]


@dataclass(frozen=True)
class SpecialPlot:
    """A piece of ground that is no ordinary block: the one around `at`, once small enough."""

    kind: PlotKind
    name: str
    at: tuple[float, float]
    largest_m2: float


CANAL = ((-200, 1420), (500, 1385), (850, 1345), (1250, 1290), (1600, 1375), (2000, 1320),
         (2700, 1420))  # fmt: skip
RAILWAY = ((-200, 540), (400, 585), (800, 630), (1250, 648), (1720, 640), (2200, 590), (2700, 640))

MAIN_ROADS = (
    MainRoad("Larkfield High Street", "primary",
             ((1160, -200), (1195, 350), (1225, 640), (1300, 900), (1245, 1160), (1265, 1300),
              (1340, 1600), (1300, 2200))),
    MainRoad("Priory Road", "secondary",
             ((660, -200), (760, 250), (815, 560), (775, 880), (835, 1180), (840, 1345),
              (770, 1650), (800, 2200))),
    MainRoad("Staithe Road", "secondary",
             ((1800, -200), (1690, 300), (1700, 620), (1770, 930), (1700, 1230), (1695, 1390),
              (1770, 1700), (1700, 2200))),
    MainRoad("Station Road", "secondary",
             ((-200, 660), (400, 700), (790, 745), (1240, 775), (1730, 745), (2200, 730),
              (2700, 800))),
    MainRoad("Market Street", "tertiary",
             ((-200, 1010), (450, 1075), (800, 1030), (1275, 1070), (1745, 1020), (2200, 1075),
              (2700, 1040))),
    MainRoad("Tanners Row", "tertiary",
             ((-200, 260), (400, 345), (770, 300), (1190, 350), (1690, 320), (2200, 370),
              (2700, 300))),
    MainRoad("Mill Road", "tertiary",
             ((-200, 1700), (400, 1600), (780, 1640), (1340, 1600), (1760, 1650), (2200, 1570),
              (2700, 1600))),
    # The old lanes, which run askew to everything that was built later.
    MainRoad("Ferry Lane", "tertiary", ((1285, 1085), (1150, 985), (1040, 850), (955, 735))),
    MainRoad("Basin Road", "tertiary",
             ((1716, 1216), (1640, 1150), (1570, 1080), (1520, 1020))),
    MainRoad("Fen Road", "tertiary", ((1360, 1630), (1180, 1520), (980, 1440), (820, 1380))),
    MainRoad("Drove Road", "tertiary", ((1750, 900), (1900, 860), (2060, 900), (2320, 1075))),
    MainRoad("Half Moon Crescent", "residential",
             ((830, 320), (850, 190), (960, 110), (1100, 160), (1200, 230))),
    MainRoad("Saltern Crescent", "residential",
             ((150, 650), (190, 830), (330, 915), (480, 860), (560, 700))),
    MainRoad("Lock Crescent", "residential",
             ((1770, 1650), (1830, 1500), (1990, 1430), (2140, 1500), (2190, 1600))),
)  # fmt: skip

# The lesser street that runs longest beside the park. The page says that it borders it.
PARK_STREET = "Pinder Street"
# Streets that a planted truth names: the lesser street nearest to each position takes the name.
NAMED_STREETS = (
    ("Cutler Street", (1420, 850)),
    ("Lantern Row", (1110, 1160)),
    ("Hopper Street", (1570, 860)),
    ("Chandler Place", (1130, 820)),
)

# The pilot ward lies between the canal, the railway, Priory Road and Staithe Road, so that
# its line runs along streets, as real ones do, and it touches every neighbour.
WARDS = (
    WardPlan("E05999901", "Larkfield", (1280, 980)),
    WardPlan("E05999902", "Millhythe", (1300, 1700)),
    WardPlan("E05999903", "Priory Bank", (400, 980)),
    WardPlan("E05999904", "Staithe", (2100, 980)),
    WardPlan("E05999905", "Tanners Cross", (1200, 300)),
)

PARK = "Larkfield Gardens"
ESTATE = "Coopers Field Estate"
STATIONS = (("Priory Gate", (920.0, 646.0)), ("Wharf Lane", (1600.0, 628.0)))
PLOTS = (
    SpecialPlot("park", PARK, (930, 930), 34_000),
    SpecialPlot("estate", ESTATE, (1440, 1170), 38_000),
    SpecialPlot("estate", "Ropewalk Estate", (960, 1215), 30_000),
    SpecialPlot("school", "Larkfield School", (1600, 930), 22_000),
    SpecialPlot("retail", "Larkfield Market Hall", (1340, 1020), 12_000),
    SpecialPlot("car_park", "Station Yard", (1090, 705), 16_000),
    SpecialPlot("park", "Mill Common", (1050, 1740), 60_000),
    SpecialPlot("estate", "Millhythe Reach", (1980, 1530), 36_000),
    SpecialPlot("recreation", "Priory Field", (340, 790), 40_000),
    SpecialPlot("estate", "Priory Bank Estate", (560, 1220), 30_000),
    SpecialPlot("retail", "Staithe Centre", (1850, 960), 16_000),
    SpecialPlot("park", "Staithe Green", (2180, 1180), 36_000),
    SpecialPlot("school", "Tanners School", (950, 200), 22_000),
    SpecialPlot("park", "Tanners Park", (1450, 480), 36_000),
    SpecialPlot("car_park", "Tanners Cross Yard", (620, 430), 16_000),
)


def smooth(points: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """A smooth line through all the points (Catmull-Rom), one vertex about every 20 metres."""
    given = np.array(points, dtype=float)
    ends = (2 * given[0] - given[1], 2 * given[-1] - given[-2])
    padded = np.vstack([ends[0], given, ends[1]])
    pieces = []
    for before, start, end, after in zip(
        padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True
    ):
        steps = max(2, int(np.hypot(*(end - start)) / _VERTEX_EVERY_M))
        t = np.linspace(0, 1, steps, endpoint=False)[:, None]
        pieces.append(
            0.5 * (2 * start + (end - before) * t
                   + (2 * before - 5 * start + 4 * end - after) * t**2
                   + (3 * start - before - 3 * end + after) * t**3)
        )  # fmt: skip
    return np.vstack([*pieces, given[-1]])


def town_edge() -> NDArray[np.float64]:
    """The ring of the sea bank around the town, closed."""
    angle = np.linspace(0, 2 * np.pi, 160)
    # A rounded rectangle with a slow wobble: banks follow the mud, not a compass.
    wobble = 1 + 0.025 * np.sin(3 * angle + 0.6) + 0.018 * np.sin(5 * angle + 2)
    along = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    ring: NDArray[np.float64] = (
        np.sign(along) * np.abs(along) ** 0.72 * np.array(RADII) * wobble[:, None] + CENTRE
    )
    ring[-1] = ring[0]
    return ring
