"""The graph of the workflow: which stages use the results of others."""

from collections.abc import Mapping, Sequence

import networkx
from matplotlib.figure import Figure

from d2l_lab.figures import style
from d2l_lab.figures.words import ENGLISH, Words


@style.styled
def draw(
    stages: Mapping[str, int], edges: Sequence[Sequence[str]], *, words: Words = ENGLISH
) -> Figure:
    """Draw the stages in layers, each to the right of the stages whose results it uses.

    Edges implied by others are left out.

    Parameters
    ----------
    stages : mapping from a stage to the number of its results
    edges : sequence of pairs
        A stage, and another that uses its results.
    """
    reduced = networkx.transitive_reduction(networkx.DiGraph(list(map(tuple, edges))))
    graph = networkx.DiGraph()  # with a fixed order; that of `reduced` varies between runs
    graph.add_nodes_from(sorted(stages))
    graph.add_edges_from(sorted(reduced.edges))
    layers = dict(enumerate(map(sorted, networkx.topological_generations(graph))))
    figure = style.new_figure(height=2.6)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.margins(0.1, 0.15)
    networkx.draw_networkx(
        graph,
        networkx.multipartite_layout(graph, subset_key=layers),
        ax=axes,
        labels={name: f"{words.name(name)}\n{count}" for name, count in stages.items()},
        node_size=1700,
        node_color="white",
        edgecolors=style.BLUE,
        edge_color=style.GREY,
        font_size=7,
        font_family="sans-serif",
    )
    return figure
