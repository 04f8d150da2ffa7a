"""Who asks: what every command that goes to the web needs to be told, and the client it then gets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import InputError

if TYPE_CHECKING:
    from collectors.contract import Fetch
    from collectors.source import Source
    from collectors.visit import ClientFactory, Validators

ContactOption = Annotated[
    str | None,
    typer.Option(
        "--contact", envvar="NARRA_CONTACT", help="Your mail or web address: sites see who asks, and can write."
    ),
]


def contact_of(contact: str | None) -> str:
    """Give the contact.

    Raises:
        InputError: there is none.
    """
    if not contact:
        raise InputError(
            "Say who is asking: --contact you@example.org (or a web address), or set NARRA_CONTACT. "
            "Sites see it, and can write to you before they shut you out."
        )
    return contact


def day_of(text: str | None) -> date | None:
    """Read the day of ``--since``.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"--since {text!r} is no day. Write it as 2026-10-01.") from None


@asynccontextmanager
async def polite_client(contact: str) -> AsyncIterator[ClientFactory]:
    """Give what makes each source's view of the one client, which paces them all."""
    from collectors.fetch import Client  # noqa: PLC0415 `narra --help` should not wait for it

    async with Client(contact) as client:

        def view(source: Source, keys: Mapping[str, str], validators: Validators) -> Fetch:
            return client.visit(
                keys=tuple(keys.values()), private=source.private, language=source.language, validators=validators
            )

        yield view
