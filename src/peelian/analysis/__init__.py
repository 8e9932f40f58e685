"""When, how and why there: corridors on the street network, and what is near a place.

Methods take tables and shapes and return results. Which places come first is
`scanning`'s; what to do about it is not decided here.
"""
