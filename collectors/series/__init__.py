"""Awareness from outside: page views, search interest, and tables of surveys, as `corpus.series.Point`."""
