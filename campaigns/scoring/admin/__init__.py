"""Scoring in the admin: sets, self-scoring, verification, comparison."""
