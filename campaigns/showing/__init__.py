"""Slots as people look at them: tables, boards, calendars, timelines and charts."""
