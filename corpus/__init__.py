"""What narra knows: documents, outlets, stories, mentions and counts, and the store that keeps them."""
