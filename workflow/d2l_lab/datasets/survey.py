"""The facts about a dataset of local files that are known before anything is computed."""

from typing import NamedTuple


class Survey(NamedTuple):
    """The properties of the data that the plan depends on.

    Parameters
    ----------
    task : str
        ``classification`` or ``regression``.
    examples : int
        The number of training examples.
    columns : int
        The number of features of an example.
    is_images : bool
        Whether the examples are images, which models always see whole.
    """

    task: str
    examples: int
    columns: int
    is_images: bool = False
