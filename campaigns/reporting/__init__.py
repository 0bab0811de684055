"""Periodic reports: what each agency did in a period, counted, told, submitted and rolled up."""
