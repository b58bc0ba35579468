"""The leading comment lines of a snippet that say what is special about it.

A reader sees these lines too, so each is a plain English `# key: value`.
"""

import difflib
import re
import shlex
from dataclasses import dataclass
from functools import lru_cache

from harness.core import limits
from harness.core.problem import Problem

# Packages that this project does not install for everybody, by the lane that has them,
# in a virtual environment of its own. TensorFlow does not go with the other pins, and
# its torchvision is of another build than torch.
APART = {
    "tensorflow": ("tensorflow",),
    "torchvision": ("torchvision",),
    "ecosystem": tuple(
        "accelerate lightning pandas peft safetensors tensorboard tokenizers torchinfo "
        "torchmetrics tqdm transformers".split()
    ),
}
PACKAGES = frozenset(name for names in APART.values() for name in names)
# Systems by what `sys.platform` calls them; unix is all of them but Windows.
SYSTEMS = {"linux": ("linux",), "unix": ("linux", "darwin")}
NEEDS = ("cuda", "keras", "onnxruntime", "compiler", *SYSTEMS, *sorted(PACKAGES))
# Lanes that run the CPU lane's programs on another torch or Python, each with the lane
# that it is compared with: only what differs from there is kept.
BUILDS = {"cuda-build": "cpu", "newest": "cuda-build", "newest-python": "cuda-build"}
NEWER = {"newest": "torch", "newest-python": "Python"}  # what is newer there

TYPE = r"[A-Za-z_][\w.]*"
# What each key takes, and how to fix another value.
FORMS = {
    "raises": (TYPE, "name one type, as in '# raises: RuntimeError'"),
    "warns": (TYPE, "name each type once, as in '# warns: UserWarning'"),
    "needs": ("|".join(NEEDS), f"name what not all have: {', '.join(NEEDS)}"),
    "takes": (r"\d+(?:\.\d+)? s", "give seconds, as in '# takes: 30 s'"),
    "run": (r"torchrun(?: --[\w-]+(?:[ =]\w+)?)*", "write torchrun and its options"),
    "figure": (
        f".{{{limits.ALT},}}",
        f"say what the picture shows, in a sentence of {limits.ALT} characters or more",
    ),
}
LISTS = ("warns", "needs")
# What becomes of the parts of a value; else they are one text.
VALUES = {
    "warns": tuple,
    "needs": frozenset,
    "takes": lambda parts: float(parts[0].removesuffix(" s")),
    "run": lambda parts: tuple(shlex.split(parts[0])),
}
LATE = "move it to the leading comment lines, or put it in other words"
ONCE = "keep one; warns and needs take several, with a comma between them"
# What other tools, or a guess, call what these keys do: no ordinary comments.
ELSEWHERE = frozenset(
    "skip skipif xfail ignore output expect expects expected require requires timeout "
    "time tolerance rtol atol floats error exception warning device gpu seed picture "
    "image plot alt launch launcher command".split()
)

LINE = re.compile(r"#\s*(?P<key>[A-Za-z_-]+)\s*:.*")
EXACT = re.compile(r"# (?P<key>[a-z]+): \S.*")
PROCESSES = re.compile(r"--nproc[-_]per[-_]node[= ](\d+)")


@dataclass(frozen=True)
class Directives:
    raises: str | None = None  # type name, as the traceback shows it
    warns: tuple[str, ...] = ()  # names of categories
    needs: frozenset[str] = frozenset()
    takes: float = limits.SECONDS
    run: tuple[str, ...] = ()  # torchrun and its arguments
    figure: str | None = None  # what the picture shows, for those who cannot see it

    @property
    def lane(self) -> str:
        """The lane that records what it prints and draws."""
        lanes = (lane for lane, names in APART.items() if self.needs & {*names})
        return next(lanes, "cpu")

    @property
    def processes(self) -> int:
        """How many processes a launcher starts; 1 where it does not give a number."""
        found = PROCESSES.search(" ".join(self.run))
        return int(found[1]) if found else 1


@lru_cache(maxsize=4096)  # several parts of the gate ask for those of one program
def parse(source: str, where: str = "", above: int = 0) -> Directives:
    """Raises Problem for what is unknown, misspelt, repeated, out of place or unfit."""
    found: dict[str, tuple[int, str]] = {}  # line and value
    key, leading = None, True
    for number, line in enumerate(source.split("\n"), 1 + above):
        leading = leading and line.startswith("#")
        if not leading:
            late = LINE.fullmatch(line.strip())
            if late and _closest(late["key"]):
                what = f"'# {late['key']}:' stands below the first code line"
                raise Problem(where, number, what, LATE)
        elif key and line.startswith("#   "):  # an indented line carries on
            found[key] = (found[key][0], f"{found[key][1]} {line[1:].strip()}")
        elif key := _key(where, number, line):
            if key in found:
                raise Problem(where, number, f"'# {key}:' stands twice", ONCE)
            found[key] = (number, line.partition(":")[2].strip())
    values = {}
    for key, (number, text) in found.items():
        form, fix = FORMS[key]
        parts = [part.strip() for part in text.split(",")] if key in LISTS else [text]
        fit = all(re.fullmatch(form, part) for part in parts)
        if not fit or len({*parts}) < len(parts):
            raise Problem(where, number, f"'# {key}: {text}' makes no sense", fix)
        values[key] = VALUES.get(key, ", ".join)(parts)
    return Directives(**values)


def _key(where: str, number: int, line: str) -> str | None:
    """The key of a directive line; None for an ordinary comment."""
    exact, loose = EXACT.fullmatch(line), LINE.fullmatch(line)
    if exact and exact["key"] in FORMS:
        return exact["key"]
    word = loose["key"] if loose else line.lstrip("# ").split(" ")[0]
    close = _closest(word)
    if close and (loose or " " in line.strip("# ")):
        fix = f"write '# {close}: …', or begin the comment with another word"
    elif loose and word.lower() in ELSEWHERE:
        fix = f"known are: {', '.join(FORMS)}"
    else:
        return None
    raise Problem(where, number, f"'{line}' is not a directive", fix)


def _closest(word: str) -> str | None:
    """The key that a word is, or is a letter away from."""
    for key in difflib.get_close_matches(word.lower(), FORMS, cutoff=0.8):
        if abs(len(key) - len(word)) < 2:
            return key
    return None
