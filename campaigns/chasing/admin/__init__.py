"""The admin's pages of chasing."""
