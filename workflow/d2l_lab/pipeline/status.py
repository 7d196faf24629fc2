"""Find out which results of a plan the store and the view have, and which must be made."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from d2l_lab.pipeline.plan import Plan
from d2l_lab.pipeline.result import Result
from d2l_lab.store import provenance, view


class Status:
    """The state that a run finds at its start, and the results to make. Nothing is changed.

    For all results, missing files and wrong sizes are detected. Results that the next jobs read, or
    that are shown, are checked byte by byte.

    Parameters
    ----------
    plan : Plan

    Attributes
    ----------
    modified : dict from results to what is wrong with each file, by its name
        The results that were modified, and must be made again if they are needed.
    to_make : list of Result
        The missing results among those shown, and what they need, in an order that works.
    expected : dict from plain names to results
        What the view should contain, given the existing results.
    stale : list of Path
        The plain names whose file is missing, differs, or belongs to no existing result.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.modified: dict[Result, dict[str, str]] = {}
        there = [result for result in plan.results.values() if result.exists()]
        self._check(result for result in there if not provenance.is_whole(result.folder))
        shown = [
            (result, view.view_path(result.stage, name), file)
            for result in filter(self.has, plan.shown)
            for name, file in view.readable_files(result.folder).items()
        ]
        differing = {
            path: result for result, path, file in shown if not provenance.is_as_written(path, file)
        }
        checked: set[Result] = set()
        while unknown := {*self._read(differing)} - checked:
            self._check(unknown)
            checked |= unknown
        self.to_make = plan.missing(self.has)
        self.expected = {path: result for result, path, _ in shown if self.has(result)}
        self.stale = [path for path in self.expected if path in differing]
        self.stale += [path for path in view.files() if path not in self.expected]

    def has(self, result: Result) -> bool:
        """Return whether a run finds a result and takes it as it is."""
        return result.exists() and result not in self.modified

    @property
    def is_current(self) -> bool:
        """Return whether the view is complete and up to date with the plan."""
        return not (self.to_make or self.stale)

    def _check(self, results: Iterable[Result]) -> None:
        for result in results:
            if names := provenance.modified_files(result.folder):
                self.modified[result] = names

    def _read(self, differing: Mapping[Path, Result]) -> Iterator[Result]:
        """Return the results that jobs will read, or that will be copied to the view again."""
        inputs = (result.needs for result in self.plan.missing(self.has))
        return filter(self.has, chain(differing.values(), *inputs))
