"""What should be looked at before an item is published.

``item`` is a frozen view of a page, ``rules`` are pure functions over it, ``registry`` lists them
all, ``reading`` makes the view, ``gate`` asks before anything becomes public.
"""
