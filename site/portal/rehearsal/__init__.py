"""Rehearsals of a campaign or of the whole site: see ``docs/rehearsal.md``."""
