"""Scoring by the criteria of an index: rules as data, self-scores, verification, outlook."""
