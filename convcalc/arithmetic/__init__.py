"""Exact integers about a layer: what fits, what it counts, and why."""
