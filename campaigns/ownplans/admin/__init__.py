"""Pages of the agencies' own plans in the admin."""
