"""One item in many voices: a text for each kind of receiver, composed from the master or written.

``kinds`` says which there are and their limits, ``composers`` make them from the master text,
``stored`` keeps what a person wrote instead, ``texts`` reads both from a page.
"""
