"""Every error narra raises on purpose.

    NarraError
    ├── WorkspaceError          the folder, its settings or its store
    │   ├── SettingsError       narra.toml says something it may not
    │   ├── NewerWorkspaceError a newer narra made the store
    │   ├── BusyError           another run is writing
    │   └── DamagedStoreError   SQLite says the file is broken
    ├── InputError              a file from outside
    │   ├── FileProblemError    the file as a whole cannot be read
    │   └── RecordError         one record of it is refused, alone
    ├── LexiconError            a lexicon file contradicts itself or its schema
    ├── WorkerError             a process that was to do a part of the work died
    └── NoAnswerError           the store cannot answer the question honestly

Each message says what was wrong, where, and what to do; the command line
prints it and exits with the class's ``exit_code``.
"""

from __future__ import annotations


class NarraError(Exception):
    """The root: anything below is expected, explained, and no bug."""

    exit_code = 1


class WorkspaceError(NarraError):
    """The workspace folder cannot be used as it is."""

    exit_code = 3


class SettingsError(WorkspaceError):
    """``narra.toml`` holds a key or value that is not allowed."""


class NewerWorkspaceError(WorkspaceError):
    """The store carries migrations that this version does not know."""


class BusyError(WorkspaceError):
    """Another narra run is writing to this workspace."""

    exit_code = 4


class DamagedStoreError(WorkspaceError):
    """The store is not a readable SQLite database."""


class InputError(NarraError):
    """Something about a file the user gave."""

    exit_code = 5


class FileProblemError(InputError):
    """The file cannot be read, or is not of the form it claims."""


class RecordError(InputError):
    """One record cannot be taken; the others can.

    Args:
        reason: short and stable, so that refusals can be counted by it.
        detail: what exactly, for this record.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class LexiconError(NarraError):
    """A lexicon file is wrong; the message names the file and, where known, the line."""

    exit_code = 6


class WorkerError(NarraError):
    """A process that was to do a part of the work died, or could not begin."""

    exit_code = 8


class NoAnswerError(NarraError):
    """The store holds too little to answer, and narra says so rather than guess."""

    exit_code = 7
