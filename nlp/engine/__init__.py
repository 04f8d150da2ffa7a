"""The same work on many machines: partitions of documents in, partitions of results out.

`tasks` holds the work: pure functions of a file, or of a block of texts, that write what they
found. An engine (`engines`, `on_dask`) maps them; `spread` says over what; `load` takes the
results into a store. What comes out is what `nlp.run`, `nlp.frames.run` and
`corpus.copies` give, since it is their functions that are called.
"""
