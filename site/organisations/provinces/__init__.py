"""The provinces and communes since 1 July 2025, from the national list, brought in by choice.

``catalogue`` reads the list, ``comparing`` says what bringing a province in would add and change,
``storing`` does it.
"""
