"""Mergers, splits, changes of name and dissolutions: shown first, done in one piece, undone whole.

``wishes`` says what is wanted, ``checking`` what stands against it, ``holdings`` what agencies
hold; ``doing`` does it and ``undoing`` undoes it.
"""
