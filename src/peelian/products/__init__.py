"""Documents that leave an analyst's desk, a file or a folder each, built from the store's tables.

Ward page, problem profile, watch, ranked and emerging places, clusters, back-test. A product
holds true numbers, not yet fit for strangers: what may be shown, and in what words, is
`publication`'s. Products never reach past the store to a source.
"""
