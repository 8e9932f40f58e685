"""Documents that leave an analyst's desk, one a file, built from the store's tables.

A product holds true numbers, not yet fit for strangers: what may be shown, and in what
words, is `publication`'s. Products never reach past the store to a source.
"""
