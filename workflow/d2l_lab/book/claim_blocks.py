"""Write a claim as a block for any screen: first the verdict and evidence, the rest on demand."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from d2l_lab.book import numbers
from d2l_lab.book.words import PARTED
from d2l_lab.tables.claims import EXACT, NOT_REFUTED, OURS

VERDICTS = ("holds", "not refuted", "does not hold", "not decided")
UPHELD = ("holds", "not refuted")  # verdicts in favour of a claim
# The fields in the folded part of a block, in this order; empty ones are left out.
FOLDED = (
    "kind",
    "covers",
    "share",
    "detectable",
    "family",
    "p_value",
    "p_corrected",
    "verdict_uncorrected",
    "predicted",
    "tables",
    "digest",
    "commit",
    "id",
)
SHORT = 12  # digits shown of a digest
SIGNS = {"<=": "≤", ">=": "≥"}


class ClaimBlocks:
    """Write the claims of a table as blocks of HTML.

    Parameters
    ----------
    claims : DataFrame
        The table `claims`.
    words : mapping
        The words of the reader's language.
    language : str
        ``en`` or ``zh``.
    """

    def __init__(self, claims: pd.DataFrame, words: Mapping[str, Any], language: str):
        self.claims = [*claims.itertuples()]
        self.by_id = {claim.id: claim for claim in self.claims}
        self.words = words
        self.language = language

    def of_section(self, section: str) -> str:
        """Write the claims of one section, one below the other."""
        shown = [self.block(claim) for claim in self.claims if claim.section == section]
        return "\n".join([f'<div class="claims" id="claims-{section}">', *shown, "</div>"])

    def link_to(self, section: str) -> str:
        """Link to the claims of a section where the book discusses them."""
        return f'<a href="#claims-{section}">{self.words["claims in section"]}</a>'

    def block(self, claim: tuple) -> str:
        """Write one claim: verdict, assertion, evidence, and the rest folded."""
        measured, interval = numbers.measured(claim.evidence, claim.ci_low, claim.ci_high)
        if interval == numbers.MISSING:
            interval = self._without_interval(claim)
        evidence = {
            "measured": measured if claim.n else self.words["no evidence"],
            "interval of 95": interval if claim.n else numbers.MISSING,
            "required": f"{SIGNS[claim.relation]}\u00a0{numbers.rounded(claim.threshold, 3)}",
            "number": numbers.plain(claim.n),
        }
        cells = (
            f'<div class="{name.split()[0]}"><dt>{self.words[name]}</dt><dd>{text}</dd></div>'
            for name, text in evidence.items()
        )
        test, setting = escape(self.text(claim, "test")), escape(self.text(claim, "setting"))
        parts = [
            f'<div class="claim {class_of(claim.verdict)}" id="claim-{escape(claim.id)}">',
            f'<p class="judged">{self.verdict(claim.verdict)}{self._mark(claim)}</p>',
            f'<p class="assertion">{escape(self.text(claim, "assertion"))}</p>',
            f'<dl class="evidence">{"".join(cells)}</dl>',
            f'<p class="tested">{self._labelled("tested", test)}',
            f"{self._labelled('setting', setting)}</p>",
            self._see(claim),
            self._reason(claim),
            self._folded(claim),
            "</div>",
        ]
        return "\n".join(filter(None, parts))

    def verdict(self, verdict: str) -> str:
        """Write a verdict with its own symbol."""
        return f'<span class="verdict {class_of(verdict)}">{self.words[verdict]}</span>'

    def text(self, claim: tuple, name: str) -> str:
        """Return a text of a claim in the language of the page."""
        value = getattr(claim, f"{name}_{self.language}", None)
        return value if isinstance(value, str) else getattr(claim, name)

    def _mark(self, claim: tuple) -> str:
        is_ours = getattr(claim, "kind", None) == OURS
        return f' <span class="ours">{self.words[OURS]}</span>' if is_ours else ""

    def _without_interval(self, claim: tuple) -> str:
        """Say why a claim has no interval."""
        reasons = {EXACT: "without interval", NOT_REFUTED: "every case"}
        return self.words[reasons.get(getattr(claim, "kind", None), "no interval")]

    def _labelled(self, name: str, text: str) -> str:
        return f"<span><b>{self.words[name]}{self.words['colon']}</b>{text}</span>"

    def _see(self, claim: tuple) -> str:
        """Link to the claim that tests the same under other settings."""
        if not isinstance(claim.see, str):
            return ""
        other, name = self.by_id.get(claim.see), escape(claim.see)
        text, found = f"<code>{name}</code>", ""
        if other is not None:
            setting = self.text(other, "setting")
            text = self.words["in setting"].format(
                claim=self.text(other, "assertion"), setting=setting
            )
            text = escape(text)
            found = f" {self.verdict(other.verdict)}"
        link = f'<a href="#claim-{name}">{text}</a>'
        word = self.words["see also" if claim.verdict in UPHELD else "see"]
        return f'<p class="see">{word}{link}{found}</p>'

    def _reason(self, claim: tuple) -> str:
        """Say if a claim depends on a model that has diverged."""
        if not isinstance(claim.reason, str):
            return ""
        models = escape(claim.reason.rpartition(": ")[2])
        return f'<p class="reason">{self.words["because diverged"].format(models=models)}</p>'

    def _folded(self, claim: tuple) -> str:
        told = {name: self._told(claim, name) for name in FOLDED}
        rows = "".join(
            f"<div><dt>{self.words[f'claim {name}']}</dt><dd>{text}</dd></div>"
            for name, text in told.items()
            if text
        )
        summary = f"<summary>{self.words['details']}</summary>"
        return f"<details>{summary}<dl>{rows}</dl></details>"

    def _told(self, claim: tuple, name: str) -> str:
        """Write one of a claim's fields, or nothing if it is empty."""
        value = self.text(claim, name) if hasattr(claim, name) else None
        if pd.isna(value) or value == "":
            return ""
        if (name, value) == ("kind", NOT_REFUTED):  # a verdict has the same name
            return self.words["kind of every case"]
        if name == "tables":
            links = (f'<a href="#csv-{table}">{table}</a>' for table in escape(value).split())
            return self.words["list separator"].join(links)
        if name in ("id", "digest", "commit"):
            shown = value if name == "id" else value[:SHORT]  # the table has the whole value
            return f"<code>{escape(shown)}</code>"
        if not isinstance(value, str):
            return numbers.plain(value)
        known = self.words | self.words["values"].get(name, {})
        parts = (known.get(part, part) for part in value.split(PARTED))
        return escape(self.words["parted"].join(parts))


def class_of(verdict: str) -> str:
    """Return the CSS class of a verdict."""
    return verdict.replace(" ", "-")
