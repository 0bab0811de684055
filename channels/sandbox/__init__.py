"""A look-alike of Telegram's Bot API, for the demo, tests and rehearsals.

It answers at ``/sandbox/telegram/bot<token>/<method>`` with the real error texts and limits, keeps
its chats in the database, and shows a chat as its members would see it. Nothing of it answers
unless ``settings.SANDBOX`` is on. Nobody else imports from here, except to seed demo data.
"""

from channels.sandbox.seeding import seed

__all__ = ["seed"]
