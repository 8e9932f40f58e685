"""The patrol plan and the shift briefing: hot spots, shifts, visits, routes, and why.

True counts, exact times and routes are here; what residents may be shown of them is decided in
`publication`.
"""
