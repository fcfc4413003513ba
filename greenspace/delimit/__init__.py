"""Delimit: the lines that planners draw, and what is held against them."""
