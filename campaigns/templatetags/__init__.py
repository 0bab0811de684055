"""Tags of the pages of plans and reports."""
