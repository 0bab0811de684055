"""Conferences and other events of a plan, and campaigns of review: sơ kết, tổng kết."""
