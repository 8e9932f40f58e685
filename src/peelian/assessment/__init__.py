"""Did it work: effects of a response, each with its interval and the design that earns it.

What may be said of an effect in public is for `publication`; what is to be done next, for people.
"""
