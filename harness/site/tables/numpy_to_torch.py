"""The cheat sheet: one line in NumPy, torch and keras.ops, and where they differ."""

from typing import Literal, Self

from pydantic import BaseModel, FiniteFloat, model_validator

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Text
from harness.site.template import fill

Aspect = Literal["values", "shape", "dtype"]


class Row(BaseModel, frozen=True):
    """One line in three libraries. What it says is proven by the tests."""

    numpy: str
    torch: str | None
    keras: str | None
    differs: str = ""  # the remark
    proof: list[str] = []  # expressions that are true because of the remark
    unlike: list[Aspect] = []  # what is not the same in all three
    absent: str = ""  # the name that is missing where there is no code
    setup: str = ""
    shows: str = ""  # what to compare after the code, where that has no result
    tolerance: FiniteFloat = 1e-6

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for key in ("torch", "keras"):
            if getattr(self, key) is None and not self.absent:
                raise ValueError(f"no code for {key}, and 'absent' does not say why")
        if bool(self.differs) != bool(self.proof):
            raise ValueError("a remark and its proof come together")
        if self.unlike and not self.differs:
            raise ValueError("'unlike' without a remark that says how")
        return self


class Name(BaseModel, frozen=True):
    """What a name of the rows stands for."""

    dtype: Text
    value: list


class Sheet(BaseModel, frozen=True):
    """What the file holds: the names that the rows use, and the rows by group."""

    names: dict[str, Name]
    groups: dict[str, list[Row]]


def load(tree: Tree) -> Sheet | None:
    return data.load(tree, "numpy_to_torch.yml", Sheet)


def text(tree: Tree) -> str:
    sheet = load(tree)
    return fill("numpy_to_torch", sheet=sheet) if sheet else ""
