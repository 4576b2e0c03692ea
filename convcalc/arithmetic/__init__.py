"""Exact integer arithmetic about a layer: fit, ladder of counts, derivations."""
