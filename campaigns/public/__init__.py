"""What residents see of plans: how far they are, what was published for them, their documents."""
