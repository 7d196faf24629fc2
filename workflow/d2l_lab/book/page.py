"""Show figures, tables, code and claims in the notebooks, in the reader's language.

The notebooks compute nothing. Every method shows results of the pipeline, or says that the
configuration leaves them out.
"""

import ast
import re
import textwrap
from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown, display

from d2l_lab.book import comments, examples, numbers, published, sentences
from d2l_lab.book.alt_text import describe
from d2l_lab.book.claim_blocks import VERDICTS, ClaimBlocks
from d2l_lab.book.exercises import Exercise, exercises, studies_of
from d2l_lab.book.page_requests import CAPTIONS, module_file, table_caption
from d2l_lab.book.sections import SECTIONS
from d2l_lab.book.words import WORDS, heads, translated
from d2l_lab.store import layout
from d2l_lab.store.code import ROOT
from d2l_lab.tables import embedded, files
from d2l_lab.tables.claims import OURS
from d2l_lab.tables.statistics import summarise
from d2l_lab.training.metrics import METRICS

CAPTION = {"d2l_lab": "caption"}  # marks an output as the caption of the figure above
SAID = {"d2l_lab": "said"}  # marks an output as text of the page
SPLITS = ("train_running", "train", "validation", "test")
HEADLINES = ("test", "validation")  # splits
MEASURED = ("summary", "kfold_summary")  # the tables with metrics
ALWAYS = (
    "holds",
    "does not hold",
    "not decided",
)  # verdicts that are listed even with a count of zero
BENCHMARK = "benchmark_"  # prefix of the tables of `make bench`
MEAN = ["mean", "ci_low", "ci_high"]
ROWS, ALL_ROWS = 15, 20  # a table of up to so many rows is shown whole
HELD_OUT = ("test_", "validation_")  # prefixes of metrics on new data
LONGEST = 100  # the most characters in a cell
BREAK = "\u200b"  # where a long path may continue on the next line


class Page:
    """The content of a notebook.

    Parameters
    ----------
    results : str or Path
        The folder with `tables` and `figures`.
    language : str
        ``en`` or ``zh``.
    """

    def __init__(self, results: str | Path, language: str):
        self.results = Path(results)
        self.language = language
        self.words = WORDS[language]

    # sentences

    def say(self, text: str) -> None:
        """Show a text whose numbers and comparisons come from the tables.

        Parameters
        ----------
        text : str
            A Jinja template; see `d2l_lab.book.sentences`. Sentences about what was not run are
            left out.
        """
        said = self._fill_in(text)
        if said:
            display(Markdown(said), metadata={"text/markdown": SAID})

    def _fill_in(self, text: str) -> str:
        names = self.words["values"].get("name", {})
        return sentences.fill_in(text, self.results / "tables", names)

    # figures

    def figure(self, stem: str) -> None:
        """Show a figure with its caption."""
        self._figure(stem, stem)

    def curves(self, kind: str, module: str) -> None:
        """Show a figure of each model built from a module, on each device.

        Parameters
        ----------
        kind : str
            ``training``, ``kfold`` or ``predictions``.
        module : str
            A module of `d2l_lab.models`, such as ``mlp.scratch``.
        """
        models = self._models(module).drop_duplicates("model").set_index("model", drop=False)
        stems = [
            path.stem
            for name in models.index
            for path in sorted(
                (self.results / "figures").glob(layout.svg_file(f"{kind}_{name}*", self.language))
            )
            if path.stem.partition(".")[0] == f"{kind}_{name}"
        ]
        caption = self.words[f"caption of {kind}"]
        for stem in stems:
            name = stem.removeprefix(f"{kind}_")  # the model, and a device other than the first
            about = dict(models.loc[name.partition(".")[0]].map(setting)) | {"model": name}
            self._figure(stem, kind, caption.format(**about))

    def sweeps(self) -> None:
        """Show the figure of each sweep, and the chosen point with its test."""
        choices = self._read("sweep_choice")
        if choices is None:
            return
        for sweep, rows in choices.groupby("sweep"):
            self._figure(f"sweep_{sweep}", "sweep")
            shown = rows.dropna(axis="columns", how="all").map(numbers.plain)
            self._show(self._titles(shown.columns), shown.itertuples(index=False), f"sweep {sweep}")

    def of_datasets(self, kind: str) -> None:
        """Show a figure of each dataset that has it, such as ``image_grid``."""
        pattern = layout.svg_file(f"*_{kind}", self.language)
        stems = [path.stem for path in sorted((self.results / "figures").glob(pattern))]
        for stem in stems:
            self._figure(stem, kind)
        if not stems:
            self._missing(kind)

    def _picture(self, stem: str) -> Path:
        return self.results / "figures" / layout.svg_file(stem, self.language)

    def _figure(self, stem: str, name: str, caption: str = "") -> None:
        """Show a figure with a caption, by default that of its name."""
        path = self._picture(stem)
        if not path.exists():
            self._missing(stem)
            return
        caption = caption or read_caption(name, self.language)
        svg = path.read_text("utf-8")
        alt = describe(svg, self.words)
        about = {"image/svg+xml": {"name": stem, "alt": alt, "caption": caption}}
        picture = {"image/svg+xml": svg, "text/plain": caption}
        display(picture, raw=True, metadata=about)
        display(Markdown(caption), metadata={"text/markdown": CAPTION})

    def cards(self, *parts: str) -> None:
        """Show findings side by side, each with a picture and a sentence that link to a page.

        Parameters
        ----------
        *parts : str
            For each finding the name of a figure, the name of a page, and a template as for `say`.
            Findings that were not run are left out.
        """
        cards = []
        for stem, target, text in zip(*(parts[start::3] for start in range(3)), strict=True):
            path, said = self._picture(stem), self._fill_in(text)
            if said and path.exists():
                svg, _ = embedded.split(path.read_text("utf-8"))
                source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
                alt = escape(describe(svg, self.words))
                picture = f'<img data-figure="{stem}" src="{source}" alt="{alt}">'
                cards.append(f'<a href="{target}.html">{picture}<p>{as_html(said)}</p></a>')
        if cards:
            display(HTML(f'<div class="findings">{"".join(cards)}</div>'))

    def explore(self, name: str, *tables: str) -> None:
        """Let the reader explore results interactively if scripts are on; figures show the rest.

        Parameters
        ----------
        name : str
            Its name in ``explore.js``.
        *tables : str
            The tables that it shows; if one of them is missing, it is left out.
        """
        if not all((self.results / "tables" / f"{table}.csv").exists() for table in tables):
            return
        shown = {table: numbers.columns(self._labelled(table)) for table in tables}
        about = {"application/json": {"explore": name}}
        display({"application/json": shown, "text/plain": name}, raw=True, metadata=about)

    def _labelled(self, name: str) -> pd.DataFrame:
        """Read a table; only the names of classes are translated to the page's language."""
        table = self._read(name)
        labels = translated(table[table.columns.intersection(["name"])], self.language)
        return table.assign(**labels)

    # tables

    def table(self, name: str, digits: int = 4) -> None:
        """Show the first rows of a table, with its caption, and as many digits of each number."""
        table = self._read(name)
        if table is None:
            return
        shown = table.head(len(table) if len(table) <= ALL_ROWS else ROWS)
        caption = read_caption(table_caption(name), self.language)
        written = translated(with_numbers(shown), self.language).map(
            partial(numbers.plain, digits=digits)
        )
        rows = written.itertuples(index=False)
        self._show(self._titles(shown.columns), rows, name.replace("_", " "), name, caption)
        if len(table) > len(shown):
            link = f'<a href="tables/{name}.html">{name}</a>'
            self._note("rows", shown=len(shown), all=len(table), table=link)

    def by_model(self, name: str, row: str) -> None:
        """Show the means of a table with a row for each value of a column, side by side by model.

        Parameters
        ----------
        name : str
            A table of model, device, mean, ci_low and ci_high.
        row : str
            The column whose values become rows.
        """
        table = self._read(name)
        if table is None:
            return
        several = ["model", "device"] if table["device"].nunique() > 1 else ["model"]
        table["column"] = table[several].agg(", ".join, axis="columns")
        table["shown"] = [
            numbers.with_interval(*values)
            for values in table[["mean", "ci_low", "ci_high"]].itertuples(index=False)
        ]
        wide = table.pivot(index=row, columns="column", values="shown")
        wide = wide.reindex(index=table[row].unique(), columns=table["column"].unique())
        wide = translated(wide.reset_index(), self.language)
        rows = wide.fillna(numbers.MISSING).itertuples(index=False, name=None)
        header = wide.columns
        caption = read_caption(table_caption(name), self.language)
        self._show(header, rows, name.replace("_", " "), name, caption)

    def settings(self, module: str) -> None:
        """Show the configuration of the models built from a module."""
        models = self._models(module)
        if models.empty:
            return
        known = models.drop(columns=["device"]).dropna(axis="columns", how="all")
        columns = known.drop_duplicates().set_index("model").T
        rows = ((key, *map(setting, values)) for key, *values in columns.itertuples())
        self._show([self.words["setting"], *columns.columns], rows, f"settings {module}")

    def measured(self, module: str) -> None:
        """Show the metrics of a module's models, trained on all data and in K-fold."""
        models = self._models(module)
        tables = [self._means(name) for name in MEASURED]
        for place in models[["model", "device"]].itertuples(index=False, name=None):
            metrics = dict.fromkeys(key[2] for means in tables for key in means if key[:2] == place)
            rows = [
                (self._measure(metric), *(means.get((*place, metric), "") for means in tables))
                for metric in metrics
            ]
            header = [", ".join(place), *self._words("trained", "validated")]
            self._show(header, rows, f"measured {' '.join(place)}")
        if not models.empty:
            self._note("interval")
        self._note_diverged(models["model"])

    def weights(self, module: str) -> None:
        """Show the parameters that a module's models learned, next to the true ones."""
        table, models = self._read("parameters"), self._models(module)
        if table is None:
            return
        for model in models["model"].unique():
            learned = table[table["model"] == model]
            means = learned.groupby("parameter", sort=False)["learned"].apply(summarise).unstack()
            true = learned.groupby("parameter", sort=False)["true"].first()
            rows = [
                (name, numbers.plain(float(true[name])), numbers.with_interval(mean, low, high))
                for name, mean, low, high in means[MEAN].itertuples()
            ]
            header = [model, *self._words("true value", "learned value")]
            self._show(header, rows, f"weights {model}")
        if not models.empty:
            self._note("interval of replicates")

    def headlines(self) -> None:
        """Show each model's main metrics on the test set and in K-fold cross-validation."""
        summary, kfold = map(self._means, MEASURED)
        means = summary | kfold
        models = self._read("models")[["model", "device"]]
        header = ["model", "device"] if models["device"].nunique() > 1 else ["model"]
        better_first = sorted(METRICS.values(), key=lambda metric: not metric.more_is_better)
        metrics = [f"{split}_{metric.name}" for split in HEADLINES for metric in better_first]
        shown = [metric for metric in metrics if any(key[2] == metric for key in means)]
        rows = [
            (*place[: len(header)], *(means.get((*place, metric), "") for metric in shown))
            for place in models.itertuples(index=False, name=None)
        ]
        self._show([*self._words(*header), *map(self._measure, shown)], rows, "headlines")
        self._note("interval")
        self._note_diverged(models["model"])

    def changes(self) -> None:
        """Show the changes to the shipped configuration, and their effect on each model."""
        path = self.results / "tables" / "changes.csv"
        if not path.exists():
            self._note("changed nothing")
            return
        changed = pd.read_csv(path, dtype=str, keep_default_na=False)  # values as in config.yaml
        rows = changed.map(in_brief).itertuples(index=False)
        self._show(self._changed_words("key", "shipped", "yours"), rows, "changes")
        models, metrics = map(self._read, ("changes_models", "changes_metrics"))
        self._show_differences(metrics[metrics["metric"].str.startswith(HELD_OUT)])
        others = models[models["state"] != "compared"].fillna("").astype(str)
        for state, found in others.groupby("state", sort=False):
            names = found["shipped_as"].where(found["model"] == "", found["model"]).unique()
            marked = (f"<code>{escape(name)}</code>" for name in names)
            self._note(f"changed {state}", models=self.words["list separator"].join(marked))

    def _show_differences(self, metrics: pd.DataFrame) -> None:
        """Show how much each model's main metrics differ from the shipped ones."""
        names = self._changed_words("shipped", "yours", "difference", "share", "detectable")
        for (model, device), found in metrics.groupby(["model", "device"], sort=False):
            columns = [
                (
                    *map(numbers.plain, (row.shipped, row.yours)),
                    numbers.with_interval(row.difference, row.ci_low, row.ci_high),
                    *map(numbers.plain, (row.share, row.detectable)),
                    self.words["changed pairs"].format(n=row.n) if row.paired else row.n,
                )
                for row in found.itertuples()
            ]
            header = [f"{model}, {device}", *map(self._measure, found["metric"])]
            rows = zip([*names, "n"], *columns, strict=True)
            self._show(header, rows, f"changes {model} {device}")
        if not metrics.empty:
            link = '<a href="tables/changes_metrics.html">changes_metrics</a>'
            self._note("changed metrics", table=link)

    def _changed_words(self, *names: str) -> list[str]:
        return self._words(*(f"changed {name}" for name in names))

    def published(self) -> None:
        """Show published numbers next to ours, section by section."""
        path, sources = self.results / "tables" / "published.csv", self._read("published_sources")
        if sources is None:
            return
        authors = translated(sources, self.language).set_index("source")["author"]
        # The numbers are read as text, so that they are shown as printed.
        table = files.read(path).assign(published=pd.read_csv(path, dtype=str)["published"])
        for section, rows in published.sections(table):
            shown = [
                (
                    *published.cells(row, self.words, self._measure),
                    link(authors[row.source], row.link),
                )
                for row in rows.itertuples()
            ]
            header = self._words(*(f"printed {name}" for name in published.HEADS))
            title = next((each for each in SECTIONS if each.number == section), None)
            name = f" {getattr(title, self.language)}" if title else ""
            display(HTML(f"<p><strong>{section}{name}</strong></p>"))
            self._show(header, shown, f"published {section}")
        self._note("printed note", table='<a href="tables/published.html">published</a>')

    def sources(self) -> None:
        """Show the sources of the published numbers."""
        sources = self._read("published_sources")
        if sources is None:
            return
        rows = [
            (
                row.author,
                link(row.work, row.url),
                row.kind,
                row.numbers or numbers.MISSING,
            )
            for row in translated(sources, self.language).itertuples()
        ]
        header = self._words(*(f"printed {name}" for name in ("author", "work", "kind", "numbers")))
        self._show(header, rows, "published sources")

    def took(self) -> None:
        """Say how long the run's jobs took, and on which machine."""
        jobs = self._read("jobs_timing")
        is_training = jobs["stage"].isin(["train", "kfold"])
        self._note(
            "took",
            jobs=len(jobs),
            minutes=self._minutes(jobs["seconds"].sum()),
            share=self._minutes(jobs["seconds"][is_training].sum()),
            **{key: escape(", ".join(jobs[key].unique())) for key in ("cpu", "platform", "python")},
        )

    # claims

    def claims(self, section: str) -> None:
        """Show the notes' claims in a section, their tests and their verdicts."""
        claims = self._read("claims")
        if claims is None:
            return
        display(HTML(ClaimBlocks(claims, self.words, self.language).of_section(section)))

    def verdicts(self) -> None:
        """Show how many claims of each section hold."""
        claims = self._read("claims")
        if claims is None:
            return
        claims = claims[claims["kind"] != OURS]
        counts = pd.crosstab(claims["section"], claims["verdict"])
        shown = [verdict for verdict in VERDICTS if verdict in (*ALWAYS, *counts)]
        counts = counts.reindex(columns=shown, fill_value=0)
        rows = [
            (Html(f'<a href="#claims-{section.number}">{title}</a>'), *counts.loc[section.number])
            for section in SECTIONS
            if section.number in counts.index
            for title in [f"{section.number} {getattr(section, self.language)}"]
        ]
        rows.append((self.words["all"], *counts.sum()))
        self._show(self._words("sections", *shown), rows, "verdicts")

    # exercises

    def exercises(self, section: str) -> None:
        """Show the exercises of a section of the book, each folded, with its answer.

        Paragraphs that use results that the run does not have are left out, with a note.
        """
        lines = [self.words["exercises"].format(section=section), ""]
        for exercise in exercises(section, self.language):
            title = self.words["exercise"].format(number=exercise.number, asks=exercise.asks)
            name = f"exercise-{section}-{exercise.number}"
            lines += [f"::::{{dropdown}} {title}", f":name: {name}", ""]
            folder = self.results / "tables"
            paragraphs = (sentences.fill_in(text, folder) for text in exercise.answer)
            lines += [f"{paragraph}\n" for paragraph in paragraphs if paragraph]
            lines += [f'<p class="note">{self._grounds(exercise)}</p>', "", "::::", ""]
        display(Markdown("\n".join(lines)), metadata={"text/markdown": SAID})

    def _grounds(self, exercise: Exercise) -> str:
        """Name the tables that an answer uses, and the studies that were not run."""
        if not exercise.tables:
            return self.words["exercise argued"]
        here = [name for name in exercise.tables if self._has(name)]
        missing = [name for name in exercise.tables if name not in here]
        links = [f'<a href="tables/{name}.html">{name}</a>' for name in here]
        said = [self._listed("exercise rests", links)] if links else []
        if missing:
            names = (f"<code>{name}</code>" for name in studies_of(missing))
            said.append(self._listed("exercise not run", names))
        return self.words["exercise separator"].join(said)

    def _listed(self, word: str, names: Iterable[str]) -> str:
        return self.words[word].format(names=self.words["list separator"].join(names))

    # code

    def code(self, module: str, *names: str) -> None:
        """Show the code that ran: a module of the project, or some of its functions.

        Parameters
        ----------
        module : str
            A module below `d2l_lab`, such as ``models.mlp.scratch``.
        *names : str
            Its functions, classes or constants to show; if none, the whole module.
        """
        display(Markdown("\n".join(self._fenced(module, names))))
        self._note("of", path=f"<code>{module_file(module).relative_to(ROOT.parent)}</code>")

    def engine(self, module: str, *names: str) -> None:
        """Show code like `code`, but folded: the project's version next to the notes'.

        Parameters
        ----------
        module : str
            A module below `d2l_lab`, such as ``training.fit``.
        *names : str
        """
        title = self.words["engine"].format(
            names=self.words["list separator"].join(f"`{name}`" for name in names),
            path=str(module_file(module).relative_to(ROOT.parent)).replace("/", f"/{BREAK}"),
        )
        lines = [f"::::{{dropdown}} {title}", *self._fenced(module, names), "::::"]
        display(Markdown("\n".join(lines)), metadata={"text/markdown": SAID})

    def _fenced(self, module: str, names: tuple[str, ...]) -> list[str]:
        """Return the code of a module or of parts of it, with comments in the page's language."""
        source = module_file(module).read_text("utf-8")
        parts = [excerpt(source, name) for name in names] or [source.strip("\n")]
        return ["```python", comments.translate("\n\n\n".join(parts), self.words["code"]), "```"]

    # data

    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the first training images of the run, with their labels.

        Returns
        -------
        X : ndarray, (n, height, width), float32
            Values from 0 to 1.
        y : ndarray, (n,), int64
            If the run has no dataset of images, both are random, and the page says so.
        """
        found = examples.first_images(self.results / "store")
        if found is None:
            self._note("no images")
            return examples.random_images()
        return found

    # display

    def _read(self, name: str) -> pd.DataFrame | None:
        """Read a table; if it does not exist, say so on the page."""
        if self._has(name):
            return files.read(self.results / "tables" / f"{name}.csv")
        self._missing(name)
        return None

    def _has(self, name: str) -> bool:
        return (self.results / "tables" / f"{name}.csv").exists()

    def _models(self, module: str) -> pd.DataFrame:
        """Read the models of a module; if there are none, say so on the page."""
        models = self._read("models")
        models = models[models["module"] == module]
        if models.empty:
            self._missing(f"models/{module}")
        return models

    def _means(self, name: str) -> dict[tuple[str, str, str], str]:
        """Read the means of a table, with their intervals, by model, device and metric."""
        return {
            (row.model, row.device, row.metric): (
                self.words["diverged"].format(diverged=row.diverged, all=row.n)
                if row.diverged
                else numbers.with_interval(row.mean, row.ci_low, row.ci_high)
            )
            for row in self._read(name).itertuples()
        }

    def _note_diverged(self, models: Iterable[str]) -> None:
        """Say which of these models have diverged, what that means, and what to do."""
        tables = [self._read(name) for name in MEASURED]
        lost = {model for table in tables for model in table.loc[table["diverged"] > 0, "model"]}
        for model in dict.fromkeys(models):
            if model in lost:
                link = '<a href="tables/diverged.html">diverged</a>'
                self._note("has diverged", model=f"<code>{escape(model)}</code>", table=link)

    def _measure(self, name: str) -> str:
        """Return the name of a metric of a split, such as test_accuracy."""
        split = next(each for each in SPLITS if name.startswith(f"{each}_"))
        metric = METRICS[name.removeprefix(f"{split}_")]
        return self.words[split].format(metric=metric.title[self.language])

    def _words(self, *names: str) -> list[str]:
        return [self.words[name] for name in names]

    def _minutes(self, seconds: float) -> str:
        minutes, rest = divmod(round(seconds), 60)
        return self.words["minutes"].format(minutes=minutes, seconds=rest)

    def _missing(self, name: str) -> None:
        word = "not measured" if name.startswith(BENCHMARK) else "not run"
        self._note(word, what=f"<code>{escape(name)}</code>")

    def _note(self, word: str, **values: object) -> None:
        display(HTML(f'<p class="note">{self.words[word].format(**values)}</p>'))

    def _titles(self, columns: Iterable[str]) -> list[str]:
        """Translate the columns of a table, and write untranslated ones without underscores."""
        return [title.replace("_", " ") for title in heads(columns, self.language)]

    def _show(
        self,
        header: Iterable[str],
        rows: Iterable[tuple],
        label: str,
        name: str = "",
        caption: str = "",
    ) -> None:
        """Show a table; a table with a caption has a name, and the book numbers it.

        It has its own scroll bar if the screen is too narrow.
        """
        titles = heads(header, self.language)
        head = "".join(f'<th scope="col">{as_cell(title)}</th>' for title in titles)
        lines = ("".join(f"<td>{as_cell(value)}</td>" for value in row) for row in rows)
        body = "\n".join(f"<tr>{line}</tr>" for line in lines)
        table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
        region = f'<div class="wide" role="region" tabindex="0" aria-label="{escape(label)}">'
        shown = f"{region}{table}</div>"
        if caption:
            above = f"<figcaption>{as_html(caption)}</figcaption>"
            shown = f'<figure class="tabled" id="table-{escape(name)}">{above}\n{shown}</figure>'
        display(HTML(shown))


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


def link(text: str, address: str) -> Html:
    """Write a link to an external page."""
    return Html(f'<a href="{escape(address)}">{escape(text)}</a>')


def with_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Take true values, which elsewhere are the names of classes, for the numbers that they are."""
    try:
        return table.assign(true=table["true"].astype(float))
    except (KeyError, ValueError):
        return table


def as_cell(value: object) -> str:
    """Format a value as HTML, unless it is already; long names may break at their underscores."""
    return value if isinstance(value, Html) else escape(str(value)).replace("_", "_<wbr>")


def setting(value: object) -> str:
    """Format a setting as in config.yaml; 256.0 is an integer from a column of floats."""
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else numbers.plain(value)


def in_brief(text: str) -> str:
    """Truncate a long text, such as a whole section of the configuration."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def read_caption(name: str, language: str) -> str:
    """Read the caption of a figure or table."""
    return (CAPTIONS[language] / f"{name}.rst").read_text("utf-8").strip()


def as_html(caption: str) -> str:
    """Turn the markup of a caption, ``code``, **strong** and *emphasis*, into HTML."""
    text = re.sub(r"``(.+?)``", r"<code>\1</code>", escape(caption))
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", text)


def excerpt(source: str, name: str) -> str:
    """Extract a function, class, method or constant from a module, with a one-line docstring.

    A method is named with its class: ``Concise.step``. Raises `LookupError` for unknown names.
    """
    nodes: list[ast.stmt] = ast.parse(source).body
    for part in name.split("."):
        node = next((node for node in nodes if part in assigned_names(node)), None)
        if node is None:
            raise LookupError(f"the module has no {name}")
        nodes = getattr(node, "body", [])
    lines = source.splitlines()
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    shown = lines[first - 1 : node.end_lineno]
    if nodes and ast.get_docstring(node) and nodes[0].end_lineno > nodes[0].lineno:
        start, end = (number - first for number in (nodes[0].lineno, nodes[0].end_lineno))
        shown[start : end + 1] = [f'{shown[start]}"""']
    return textwrap.dedent("\n".join(shown))


def assigned_names(node: ast.stmt) -> list[str]:
    """List the names that a statement defines."""
    assigned = [ast.unparse(target) for target in getattr(node, "targets", [])]
    return [*assigned, getattr(node, "name", "")]
