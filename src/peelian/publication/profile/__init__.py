"""The problem profile on a page, on paper and as JSON: for the team alone, small counts and all.

`page` is the one door by which counts leave without the disclosure rule. No module of the public
pages may import anything of this folder: a wall test holds them to it.
"""
