"""Release bundles: several items at one instant, or none."""
