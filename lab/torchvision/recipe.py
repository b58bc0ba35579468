"""A function that a walkthrough shows and does not call, as it would need a network."""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

WALKTHROUGHS = Path(__file__).parents[2] / "docs/walkthroughs"


@dataclass(frozen=True)
class Recipe:
    """One such function, by its walkthrough's file and its own name."""

    file: str
    name: str

    @property
    def source(self) -> str:
        program = (WALKTHROUGHS / self.file).read_text(encoding="utf-8")
        (found,) = (
            part
            for part in ast.parse(program).body
            if isinstance(part, ast.FunctionDef) and part.name == self.name
        )
        return ast.get_source_segment(program, found)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.source.encode()).hexdigest()


CLASSIFIER = Recipe("pretrained-classification.py", "torchvision_classifier")
DETECTOR = Recipe("pretrained-detection.py", "torchvision_detector")
