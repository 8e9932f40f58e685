"""What a stranger may be shown, and in what words: disclosure, wording, charts, maps, site.

Everything that leaves passes `disclosure.disclose`, which turns a product into the types of
`disclosed`; the templates and writers here accept only those. No statistics are done here.
"""
