"""Pages of periodic reports in the admin."""
