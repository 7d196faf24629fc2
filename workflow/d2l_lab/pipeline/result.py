"""A planned result: its ingredients, its key and its files."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from d2l_lab.stages import shards
from d2l_lab.store import keys, layout, view


@dataclass(frozen=True, eq=False)
class Result:
    """One result of one stage: a folder in the store.

    Parameters
    ----------
    stage, name : str
        The rule that makes it, and its name within the stage.
    settings : dict
        The stage's settings that are part of the key.
    inputs : dict from a role to results
    files : tuple of str
        The files that the stage writes, apart from the provenance.
    is_shown : bool
        Whether the view shows it under plain names.
    shards : tuple of results
        Results of some of its replicas each, if it is put together from shards. They do not change
        its content, so they are not ingredients.
    unkeyed : dict
        Settings that do not change the content, such as where to download from.
    size : tuple of int
        For a dataset: the numbers of training examples and of features.
    """

    stage: str
    name: str
    settings: dict[str, Any]
    inputs: dict[str, list["Result"]]
    files: tuple[str, ...]
    is_shown: bool = False
    shards: tuple["Result", ...] = ()
    unkeyed: dict[str, Any] = field(default_factory=dict)
    size: tuple[int, int] = (0, 0)

    @property
    def is_shard(self) -> bool:
        """Return whether this is a shard of another result."""
        return shards.ONLY in self.settings

    @property
    def needs(self) -> list["Result"]:
        """The results that must exist before this one can be made."""
        return [*chain(*self.inputs.values()), *self.shards]

    @cached_property
    def ingredients(self) -> dict[str, Any]:
        """Everything that makes this result; see `keys.ingredients`."""
        inputs = {role: [each.reference for each in given] for role, given in self.inputs.items()}
        return keys.ingredients(self.stage, self.settings, inputs)

    @cached_property
    def key(self) -> str:
        """The digest of everything that makes this result, its inputs' keys included."""
        return keys.key(self.ingredients)

    @cached_property
    def reference(self) -> str:
        """The result's reference: stage/name/key."""
        return f"{self.stage}/{self.name}/{self.key}"

    @cached_property
    def folder(self) -> Path:
        """The result's folder in the store."""
        return layout.result_folder(self.reference)

    @cached_property
    def provenance(self) -> Path:
        """The file that exists if and only if the result does."""
        return self.folder / layout.PROVENANCE

    @cached_property
    def paths(self) -> list[str]:
        """All files of the result in the store, its provenance first."""
        return [str(self.provenance), *(str(self.folder / file) for file in self.files)]

    @cached_property
    def plain_names(self) -> dict[str, str]:
        """The plain names of its files in the view, each with the stored file."""
        return {
            str(view.view_path(self.stage, file)): str(self.folder / file)
            for file in self.files
            if self.is_shown and layout.is_read_by_people(self.stage, file)
        }

    def exists(self) -> bool:
        """Return whether the store has the result."""
        return self.provenance.exists()
