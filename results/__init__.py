"""Counts to measures, and measures to a report. Nothing here reads a document's text to compute a number."""
