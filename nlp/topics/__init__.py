"""Topics: what the documents talk about, found by BERTopic with parts that are named, seeded and measured.

* `records`: what goes in and what comes out, as frozen records
* `model`: `fit`, `assign`, `describe`
* `files`: `save`, `load`
* `quality`: how good a model is, on text it has not seen
* `drift`: whether a refit is due
* `identity`, `names`: topics that stay themselves from fit to fit, and their names by hand
* `across`: topics of two languages beside each other

docs/topics.md tells how it is used, and why it is built so.
"""
