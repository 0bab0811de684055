"""Plans as documents: DOCX, PDF, XLSX and tab-separated text.

``mapping`` says what of a plan stands where, ``richtext`` reads its sections, ``table`` its
activities; ``files`` writes, ``finding`` finds a plan by what a person knows of it.
"""
