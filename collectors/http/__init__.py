"""The parts of the polite client; `collectors.fetch` puts them together."""
