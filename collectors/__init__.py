"""How documents come in: files today, feeds and archives in their own modules."""
