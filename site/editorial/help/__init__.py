"""Help inside the admin: a short guide for each role, and what to do on an empty list."""
