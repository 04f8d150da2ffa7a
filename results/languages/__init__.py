"""What a report says, by language: one catalogue of sentences (``<code>.po``) each, English being the code's own."""
