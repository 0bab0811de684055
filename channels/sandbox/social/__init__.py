"""Look-alikes of Zalo's official account API and of Facebook's Graph API for pages.

Built from their public documentation, for the demo, tests and rehearsals. They answer at
``/sandbox/zalo/`` and ``/sandbox/facebook/`` with the documented forms, limits and error codes,
keep what they were given in the database, and show it as followers, members and readers see it.
Nothing of it answers unless ``settings.SANDBOX`` is on.
"""
