"""The patrol plan and its shift briefings on pages, on paper and as files: for the team alone.

`page` is the door by which exact times, routes and true counts leave. No module of the public
pages may import anything of this folder: a wall test holds them to it. What residents may see of
a plan is made elsewhere, by another door.
"""
