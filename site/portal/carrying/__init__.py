"""What waits for a person to carry it: the pack, the deadline, the proof."""
