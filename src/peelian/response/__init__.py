"""What, where, how long: hot spots, routes, dose, trials, cover, and options with evidence.

Tables in, plans and results out; no file, store or page is known here. Whether a response worked
is for `assessment`; who was stopped, and any protected characteristic, is out of reach.
"""
