"""Readers from a file to documents, one small module a format.

A format recognises its own files by their content and gives a function that
parses them; `collectors.files.read` lists the formats and runs that function.
One record that cannot be taken is refused alone, with its file and line; a file
that cannot be read as a whole is a `corpus.errors.FileProblemError`.
"""
