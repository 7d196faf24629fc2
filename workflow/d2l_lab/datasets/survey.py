"""What a dataset of local files tells before anything is computed."""

from typing import NamedTuple


class Survey(NamedTuple):
    """What the plan depends on.

    Parameters
    ----------
    task : str
        ``classification`` or ``regression``.
    examples : int
        To train on.
    columns : int
        How many numbers an example holds.
    is_images : bool
        Whether an example is an image, which models see whole.
    """

    task: str
    examples: int
    columns: int
    is_images: bool = False
