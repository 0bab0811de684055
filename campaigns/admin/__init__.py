"""The admin of plans: list and editor, the table of activities, import, next year's plan."""
