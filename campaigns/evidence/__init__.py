"""Evidence: what proves that a slot was filled, found by the system or brought by people."""
