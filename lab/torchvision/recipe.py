"""Functions that walkthroughs show and do not call, as they would need a network."""

import ast
import hashlib
from pathlib import Path

WALKTHROUGHS = Path(__file__).parents[2] / "docs/walkthroughs"
CLASSIFIER, DETECTOR = "torchvision_classifier", "torchvision_detector"


def source(name: str) -> str:
    for program in (file.read_text("utf-8") for file in WALKTHROUGHS.glob("*.py")):
        for part in ast.parse(program).body:
            if isinstance(part, ast.FunctionDef) and part.name == name:
                return ast.get_source_segment(program, part)
    raise LookupError(f"no walkthrough shows {name}")


def digest(name: str) -> str:
    return hashlib.sha256(source(name).encode()).hexdigest()
