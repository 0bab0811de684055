"""Chasing what is due: reminders, digests, escalation, and letters that urge agencies on."""
