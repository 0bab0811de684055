"""Agencies' own plans under the province's: derived from it, or folded into the reform plan."""
