"""How long-lived processes collect garbage."""

import gc


def settle() -> None:
    """Leave what is loaded for good out of the garbage collector's rounds, and make these rarer.

    Batches of rows are so many young objects that Python would otherwise look through the whole
    program several times a second: a third of the work of a busy worker, and of a page that counts
    a province's year.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
