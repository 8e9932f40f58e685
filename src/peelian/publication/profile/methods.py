"""How each kind of figure in a profile is made, each in a few sentences with its paper."""

from __future__ import annotations

from collections.abc import Mapping

from peelian.publication.translation import _

# By the name that statements give as their method: what it is called, and how it was done.
METHODS: Mapping[str, tuple[str, str]] = {
    "series": (
        _("Months"),
        _("Records are counted by month. A month that is not held whole is missing, never zero."),
    ),
    "change": (
        _("Against the year before"),
        _(
            "The last months against the same months of the year before: an exact conditional "
            "rate ratio with its 95 % interval (Przyborowski and Wilenski 1940, "
            "doi:10.1093/biomet/31.3-4.313), over months held in both years only."
        ),
    ),
    "once": (
        _("Each crime once"),
        _(
            "Several records may share a Crime ID, as of one event with several victims. The first "
            "comparison counts every record, as other pages do; here, and in every test by chance "
            "of places, clusters and surroundings, such records count once."
        ),
    ),
    "ranking": (
        _("Places in order"),
        _("{ranked} The range beside each is to hold what comes nine times in ten."),
    ),
    "persistence": (
        _("New, rising, steady, past"),
        _(
            "In each six months a place stands out where it has more records than the ward's "
            "average place, beyond chance (Benjamini and Hochberg 1995, "
            "doi:10.1111/j.2517-6161.1995.tb02031.x). The names are those of emerging hot spot "
            "analysis; the rule is this program's own, for wards."
        ),
    ),
    "concentration": (
        _("How concentrated"),
        _(
            "The fewest places that hold half of the records, against the same number of records"
            " dealt to the ward's places by chance (after Bernasco and Steenbeek 2017, "
            "doi:10.1007/s10940-016-9324-7)."
        ),
    ),
    "corridor": (
        _("The streets named"),
        _(
            "Streets and paths on a walk between the two places that is not much longer than the"
            " shortest. A record is in where its point lies in them."
        ),
    ),
    "route": (_("The shortest way"), _("The shortest way on foot along the street map.")),
    "edge": (
        _("The ward's line"),
        _(
            "Records at most ten metres on either side of the line, which another map draws "
            "elsewhere."
        ),
    ),
    "unlike": (
        _("Unlike the months before"),
        _(
            "The last months against a forecast from all months before them, with season, trend "
            "and more than chance's own spread; models are averaged by how well each fits "
            "(Hoeting and others 1999, doi:10.1214/ss/1009212519). The range is to hold what comes "
            "nineteen times in twenty."
        ),
    ),
    "scan": (
        _("Clusters in place and time"),
        _(
            "All circles of up to {radius} m around all places in the ward and {around} m around"
            " it, with all runs of up to {longest} months to the last month held: the space-time"
            " permutation scan (Kulldorff and others 2005, doi:10.1371/journal.pmed.0020059), "
            "with {replicates} shuffles. What is always busy is expected to be; a rise "
            "everywhere is no cluster."
        ),
    ),
    "watch": (
        _("Newly unusual places"),
        _(
            "As `peelian watch` does after each import: a place's last one, two and three months"
            " against what it and the ward had before, with a limit set so that false alarms are"
            " few."
        ),
    ),
    "season": (
        _("Season"),
        _(
            "A trend, a step at every known break and a factor for each month of the year, in a "
            "log-linear model of counts that vary more than by chance (McCullagh and Nelder "
            "1989, doi:10.1007/978-1-4899-3242-6). A season takes 24 months held."
        ),
    ),
    "hours": (
        _("Hours and days"),
        _(
            "Records with times by hour and weekday, local time; an interval is spread over its "
            "hours (Ratcliffe 2002, doi:10.1023/A:1013240828824). Shares with exact intervals "
            "(Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404)."
        ),
    ),
    "near-repeat": (
        _("Near repeats"),
        _(
            "Pairs of records close in place and days, against shuffled days (Knox 1964, "
            "doi:10.2307/2985220), for records whose day is known."
        ),
    ),
    "nearby": (
        _("What is nearby"),
        _("What the street map shows within {within} m of a place's points, straight across."),
    ),
    "association": (
        _("Whether it goes with records"),
        _(
            "Records a point at places near such a thing, over those at the others; chance is "
            "what the same places give when they are moved over the map as a whole (Lotwick and "
            "Silverman 1982, doi:10.1111/j.2517-6161.1982.tb01221.x). One in ten found may be "
            "false."
        ),
    ),
    "mix": (
        _("Mix of types"),
        _(
            "A type's share here over its share in the whole area around, the location quotient "
            "(Brantingham and Brantingham 1998, doi:10.1177/104398629801400305), with false "
            "discoveries kept to one in ten."
        ),
    ),
    "reporting": (
        _("Who brought it to light"),
        _(
            "Drugs and possession of weapons are mostly found by police; every other type mostly"
            " begins with somebody who tells them. Share with an exact interval."
        ),
    ),
}
