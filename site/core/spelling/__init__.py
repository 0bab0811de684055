"""How Vietnamese is spelt, enough to find slips of the keyboard. Knows no page and no file."""
