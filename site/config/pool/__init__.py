"""Many workers on PostgreSQL: procrastinate drives what the single worker does by itself.

The outbox stays the authority. A job only says that there is something to do; what is to be sent,
to whom and in which order stands in our own rows, and a job that is lost costs a moment's delay.
"""
