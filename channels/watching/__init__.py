"""Watching over delivery: probes, canaries, alarms and figures.

All of it runs in rounds (``rounds.run``), beside the worker and without it: in the worker's
process, by ``manage.py watch``, or once by ``manage.py alarms``. Several may run at once.
"""
