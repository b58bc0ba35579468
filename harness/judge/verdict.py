"""Whether a result is what its snippet promised, and in which words it is not."""

import re
import sysconfig

from harness.core.problem import Problem
from harness.core.snippet import Snippet
from harness.judge import compare, figures, noise
from harness.run.job import Result

# Of a message: torch's bold marks, and the line of its source in its own build.
PASSED_OVER = re.compile(r"\x1b\[[\d;]*m| \(Triggered internally at [^)]*\)")
UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\U0010ffff]")  # by a page


def printed(snippet: Snippet, result: Result) -> str:
    """What a page shows: standard output, then the warnings or the error."""
    text = result.stdout
    tail = [f"{w.category}: {w.message}" for w in _own_warnings(snippet, result)]
    if result.raised:
        tail.append(result.raised.text)
    tail = [PASSED_OVER.sub("", line).expandtabs(4) for line in tail]
    if tail and text and not text.endswith("\n"):
        text += "\n"
    return text + "".join(f"{line}\n" for line in tail)


def _own_warnings(snippet: Snippet, result: Result) -> list:
    """The warnings less torch's own noise, each text once; a declared one is none."""
    seen = {}
    for w in result.warned:
        own = w.category == snippet.directives.warns or w.file == str(snippet.path)
        if own or not noise.is_noise(f"{w.category}: {w.message}", noise.WARNINGS):
            seen.setdefault((w.category, w.message), w)
    return list(seen.values())


class Judge:
    """Collects what is wrong with one result of one snippet."""

    def __init__(self, snippet: Snippet, result: Result, lane: str = "cpu"):
        self.snippet, self.result = snippet, result
        self.again = record_command(snippet, lane)
        self.problems: list[Problem] = []

    def refuse(self, what: str, fix: str, line: int = 0) -> None:
        tree = self.snippet.tree
        self.problems.append(Problem(tree.show(self.snippet.path), line, what, fix))

    def conduct(self) -> None:
        """Everything but the output itself: how it ended and what it did."""
        result, declared = self.result, self.snippet.directives
        if not self._ended():
            return
        for complaint in result.complaints:
            self.refuse(complaint, "a snippet makes its own data and leaves nothing")
        if result.exits:
            self.refuse("calls sys.exit", "let the program end by itself", result.line)
        self._raised(declared.raises)
        self._warned(declared.warns)
        if stderr := noise.without_noise(result.stderr):
            self.refuse(
                f"writes to standard error:\n{_indent(stderr)}",
                "print to standard output, or fix what complains",
            )
        if result.files:
            self.refuse(
                f"leaves files: {', '.join(result.files[:5])}",
                "use a temporary directory and remove it",
            )
        if result.processes:
            self.refuse(
                f"leaves processes: {'; '.join(result.processes[:3])}",
                "join or end what it starts",
            )
        self._drew()
        if not printed(self.snippet, result).strip() and not declared.figure:
            self.refuse("prints nothing", "print what the reader should see")
        if found := UNPRINTABLE.search(printed(self.snippet, result)):
            self.refuse(f"prints {found.group()!r}", "print plain text")
        for place in self._places():
            if place in printed(self.snippet, result):
                self.refuse(f"prints {place}", "print nothing of this machine")
                break

    def _places(self) -> list[str]:
        """Folders that are elsewhere on each machine."""
        paths = sysconfig.get_paths()
        root = str(self.snippet.tree.root)
        return [root, paths["purelib"], paths["stdlib"]]

    def promises(self) -> None:
        """Only how it ended, raised and warned: this holds on every system."""
        if self._ended():
            self._raised(self.snippet.directives.raises)
            self._warned(self.snippet.directives.warns, only=False)

    def _ended(self) -> bool:
        """Whether it came to its end by itself."""
        result = self.result
        seconds = self.snippet.directives.takes
        reasons = {
            "limit": (
                f"hangs: still running long after its {seconds:g} s",
                "make it faster, or say '# takes: … s'",
            ),
            "memory": ("eats memory", "make it smaller"),
            "harness": (
                "was lost: its supervisor ended without a word",
                "run it again; if it stays, this is a bug of the harness",
            ),
        }
        if result.ended == "finished":
            return True
        if result.ended in reasons:
            self.refuse(*reasons[result.ended], result.line)
        else:
            self.refuse(
                f"ended with {result.ended} before its last line"
                f"\n{_indent(result.stderr)}",
                "it must not leave by os._exit or crash",
                result.line,
            )
        return False

    def _raised(self, declared: str | None) -> None:
        raised = self.result.raised
        if raised and raised.type != declared:
            expected = f"instead of {declared}" if declared else "and does not say so"
            self.refuse(
                f"raises {raised.text} ({expected})\n{_indent(raised.traceback)}",
                f"fix it, or declare '# raises: {raised.type}'",
                raised.line,
            )
        elif declared and not raised:
            self.refuse(
                f"does not raise {declared}, which it declares",
                "fix the snippet, or remove '# raises:'",
                1,
            )

    def _warned(self, declared: str | None, only: bool = True) -> None:
        warned = _own_warnings(self.snippet, self.result)
        for w in warned:
            if only and w.category != declared:
                here = w.line if w.file == str(self.snippet.path) else 0
                place = "" if here else f" (at {w.file}:{w.line})"
                self.refuse(
                    f"warns {w.category}: {w.message}{place}",
                    f"fix it, or declare '# warns: {w.category}'",
                    here,
                )
        if declared and declared not in [w.category for w in warned]:
            self.refuse(
                f"does not warn {declared}, which it declares",
                "fix the snippet, or remove '# warns:'",
                1,
            )

    def _drew(self) -> None:
        result, name = self.result, self.snippet.figure.name
        if self.snippet.directives.figure:
            if not result.svg:
                self.refuse(f"draws no {name}", f'end with fig.savefig("{name}")')
            elif result.figure is None:
                self.refuse(
                    "does not leave exactly one pyplot figure open",
                    "make one with plt.subplots and do not close it",
                )
        elif result.svg:
            self.refuse(
                f"draws {name} without saying so",
                "declare '# figure: what the picture shows'",
            )

    def output(self, file, expected: str | None) -> None:
        """Whether it printed what is recorded."""
        tree, actual = self.snippet.tree, printed(self.snippet, self.result)
        if expected is None and (actual or not self.snippet.directives.figure):
            self.refuse("has no recorded output", self.again)
        elif not compare.same(expected or "", actual, self.snippet.directives.rtol):
            diff = compare.difference(
                expected or "", actual, (tree.show(file), "printed now")
            )
            self.refuse(
                f"prints something else\n{_indent(diff)}",
                f"fix it, or record it: {self.again}",
            )

    def drawing(self, recorded: dict | None) -> None:
        """Whether it drew what is recorded."""
        if not self.snippet.directives.figure or self.result.figure is None:
            return
        if recorded is None:
            self.refuse("has no recorded figure", self.again)
        elif found := figures.difference(recorded, self.result.figure):
            self.refuse(f"draws something else: {found}", self.again)


def record_command(snippet: Snippet, lane: str = "cpu") -> str:
    """The command that records it, on the lane that does."""
    if lane == "gpu":
        return f"on a GPU: {snippet.command} --lane gpu --record"
    lane = snippet.directives.lane
    job = "record" if lane == "cpu" else f"record-{lane}"
    return f"make {job} ONLY={snippet.name}"


def _indent(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.rstrip("\n").split("\n"))
