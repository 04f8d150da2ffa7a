"""Text to mentions, and mentions to counts."""
