"""When, how and why there.

Hours, light, near repeats, season, offence mix, harm, what stands near places, corridors and
routes. Methods take tables and shapes and return results. Which places come first is
`scanning`'s; what to do about it is not decided here.
"""
