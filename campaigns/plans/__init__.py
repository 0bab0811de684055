"""Plans and the rows of their tables."""
