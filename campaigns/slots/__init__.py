"""Slots: what an activity must give, by which agency, in which period; and how far it is."""
