"""Where deliveries go that nothing depends on any more: kept as proof, out of the worker's way.

``moving`` says which and moves them, ``walking`` goes through the old ones bit by bit.
"""
