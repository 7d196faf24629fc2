"""Web addresses derived from the repository and from where the book is published."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

GITHUB = re.compile(r"github\.com[:/](?P<owner>[^/]+)/(?P<name>[^/]+?)(\.git)?/?$")


class Addresses(NamedTuple):
    """The addresses of a book; unknown ones are empty.

    Parameters
    ----------
    repository : str
        The repository of the code.
    site : str
        The published book, ending with /.
    branch : str
        The branch with the published book, of a repository on GitHub.
    """

    repository: str
    site: str
    branch: str

    def runs(self, path: str) -> dict[str, str]:
        """Return where a notebook of the published book can be run, by service.

        Both services read it from GitHub.

        Parameters
        ----------
        path : str
            The notebook's path in the book.
        """
        hosted = GITHUB.search(self.repository)
        if hosted is None:
            return {}
        owner, name = hosted["owner"], hosted["name"]
        branch, path = quote(self.branch), quote(path)
        return {
            "Colab": (
                f"https://colab.research.google.com/github/{owner}/{name}/blob/{branch}/{path}"
            ),
            "Binder": f"https://mybinder.org/v2/gh/{owner}/{name}/{branch}?labpath={path}",
        }


UNKNOWN = Addresses("", "", "")


def addresses(book: Mapping[str, Any]) -> Addresses:
    """Read the addresses from the section `book` of the configuration."""
    repository = book["repository"] or ""
    site = book["site"] or pages_address(repository) or ""
    branch = book["publish"]["branch"] if GITHUB.search(repository) else ""
    return Addresses(repository, site and f"{site.rstrip('/')}/", branch)


def pages_address(address: str) -> str | None:
    """Return the address of a repository's GitHub Pages; None if it is not on GitHub."""
    hosted = GITHUB.search(address)
    if hosted is None:
        return None
    site = f"{hosted['owner'].lower()}.github.io"
    return f"https://{site}/" + ("" if hosted["name"].lower() == site else f"{hosted['name']}/")
