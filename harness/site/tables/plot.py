"""A picture of recorded numbers: drawn for the pages, never committed."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from inspect import getsource
from pathlib import Path

from harness.core import limits, records
from harness.core.snippet import digest
from harness.core.tree import HERE, Tree
from harness.run import figure_fonts
from harness.site import pictures

STYLE = Path(__file__).parents[2] / "run" / "figure.mplstyle"
Draw = Callable[[object, object], None]  # on axes, numbers


@dataclass(frozen=True)
class Plot:
    name: str  # below the folder of figures
    draw: Draw = field(repr=False)  # which would name a place in memory
    numbers: object  # its repr tells them from others
    height: float = 3.8  # inches

    def shown(self, tree: Tree, ran: str) -> Callable[[str], str]:
        """Makes the lines that show it of a description; writes a copy a scheme."""
        svg = self._svg()
        for file, picture in pictures.twins(self.name, svg).items():
            tree.write(tree.pictures / file, picture)
        address = f"{pictures.FOLDER}{self.name}"
        return partial(pictures.markdown, address, svg=svg, ran=ran)

    def _svg(self) -> str:
        """Drawn only where its numbers, the style or the code that draws are new."""
        code = STYLE.read_text("utf-8") + Path(__file__).read_text("utf-8")
        made_of = [code, getsource(self.draw), version("matplotlib"), repr(self)]
        kept = HERE.build / "plots" / f"{digest(''.join(made_of))}.svg"
        if kept.is_file():
            return kept.read_text(encoding="utf-8")
        os.environ.setdefault("SOURCE_DATE_EPOCH", figure_fonts.DATE)
        import matplotlib
        from matplotlib.figure import Figure

        figure_fonts.add()
        with matplotlib.rc_context(fname=STYLE):
            figure = Figure(figsize=(limits.FIGURE, self.height))
            file = io.StringIO()
            self.draw(figure.subplots(), self.numbers)
            figure.savefig(file, format="svg")
        records.write(kept, file.getvalue())
        return file.getvalue()
