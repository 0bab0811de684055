"""Submitting, editing, approving, sending back; who is told; what may jump the queue."""
