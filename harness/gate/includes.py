"""Whether the pages include what there is, show all of it, and nothing else as code."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from harness.core import snippet
from harness.core.exercise import SUFFIX
from harness.core.fences import scan, without
from harness.core.page import COMMENT, CUT, Page
from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.notebooks.walkthrough import INCLUDED, every, of
from harness.site.fragments import Programs, Recorded
from harness.site.markdown import Html

SECTION = re.compile(r"^-+8<-+ \[start:(.+)\]$", re.MULTILINE)
ITEM = re.compile(r"(?P<indent>[ >]*)(?:[-*+]|(?P<number>\d+)\.) +\S.*")
NAMED = 8  # as many names are listed
FORM = 'one line of its own, outside fences: --8<-- "topic/idea.md" or …:code"'


def leading(tree: Tree, name: str) -> Iterator[tuple[set[str], Problem]]:
    """Includes that lead nowhere, and the programs without which one would do so."""
    page = of(tree, name)
    good = {include.line for include in page.includes}
    for number, line in enumerate(page.text.split("\n"), 1):
        if CUT.fullmatch(line.expandtabs(4)) and number not in good:
            what = "an include in a form that is not checked"
            yield set(), page.problem(number, what, FORM)
    for include in page.includes:
        names = include.snippet, include.snippet + SUFFIX  # that of an exercise
        needs = {tree.show(tree.snippets / f"{name}.py") for name in names}
        file = tree.fragments / include.target
        if not tree.has(file):
            what = f"there is no fragment '{include.target}'"
            files = tree.files(tree.fragments, ".md")
            made = [one.relative_to(tree.fragments).as_posix() for one in files]
            fix = closest(include.target, sorted(made))
            yield needs, page.problem(include.line, what, fix)
        elif include.section:
            known = SECTION.findall(tree.text(file) or "")
            if include.section not in known:
                what = f"'{include.target}' has no section '{include.section}'"
                fix = closest(include.section, known)
                yield needs, page.problem(include.line, what, fix)


def apart(page: Page) -> Iterator[Problem]:
    """Outputs whose next code, above or below, is that of another program."""
    shown = [one for one in page.includes if one.section in ("", "code", "output")]
    for at, one in enumerate(shown):
        above = [two.snippet for two in shown[:at] if two.section != "output"]
        below = [two.snippet for two in shown[at + 1 :] if two.section != "output"]
        if one.section == "output" and one.snippet not in above[-1:] + below[:1]:
            what = "an output that does not stand next to its code"
            fix = f'include the code, too: --8<-- "{one.snippet}.md:code"'
            yield page.problem(one.line, what, fix)


def closest(wanted: str, known: list[str]) -> str:
    if close := difflib.get_close_matches(wanted, known, n=1, cutoff=0.75):
        return f"did you mean '{close[0]}'?"
    if len(known) > NAMED:
        return f"none of {len(known)} has a name like it: name it as its file is called"
    return f"known are: {', '.join(known)}" if known else "there is none at all"


def same_blocks(page: Page, expanded: str, html: Html) -> Iterator[Problem]:
    """The code blocks that the site shows must be the fences that the gate knows."""
    shown = Counter(_bare(code) for code in html.code)
    for fence in scan(expanded):
        code = _bare(fence.body)
        if not fence.fault and not shown[code]:
            what = "the site does not show this fence as code"
            fix = "take it out of the comment, or indent it as its list or tab"
            yield page.problem(page.origin(fence), what, fix)
        elif not fence.fault:
            shown[code] -= 1
    for code in shown.elements():
        first = code.split("\n")[0]
        what = f"the site shows code that is no fence: '{first}'"
        fix = "make it a fence, or keep indented text out of it"
        yield page.problem(page.line_of(first.strip()) if first else 0, what, fix)


def same_items(page: Page, expanded: str, html: Html) -> Iterator[Problem]:
    """The first item of a list that the site shows as another one, or as none."""
    shown = iter(html.items)
    text = COMMENT.sub("", "\n".join(without(scan(expanded), expanded)))
    for item in filter(None, map(ITEM.fullmatch, text.split("\n"))):
        typed, seen = item["number"] or "-", next(shown, "text")
        nested = ">" not in item["indent"] and len(item["indent"]) % 4
        if typed != seen or nested:
            what = f"an item typed as '{typed}' {item['indent']!r}is shown as '{seen}'"
            fix = "a blank line above a list, 4 blanks before what an item holds"
            yield page.problem(page.line_of(item.group().strip()), what, fix)
            return


def _bare(code: str) -> str:
    """Code without the whitespace that a Markdown renderer does not keep."""
    return "\n".join(line.rstrip() for line in code.split("\n")).strip("\n")


def unseen(tree: Tree) -> Iterator[Problem]:
    """Snippets, outputs and pictures that no page shows."""
    known, shown = tree.known, {part: set() for part in ("code", "output", "figure")}
    for page in every(tree):
        for name, section in known(INCLUDED, page.name):
            for part in [section] if section else shown:
                shown.setdefault(part, set()).add(name)
    for one in snippet.find(tree):
        name, where = one.name, tree.show(one.path)
        parts = known(f"{__name__}.to_show", name)
        missing = [words for part, words in parts.items() if name not in shown[part]]
        if missing:
            fix = f'include it: --8<-- "{name}.md"'
            yield Problem(where, 0, f"no page shows {missing[0]}", fix)


def to_show(tree: Tree, name: str) -> dict[str, str]:
    """What pages must show of a program, in words; nothing of one that is unfit."""
    if (one := Programs(tree).get(name)) is None:
        return {}
    parts = {"figure": "what it drew"} if one.drawn else {"code": "its program"}
    if one.out or one.cuda_out:
        parts["output"] = "what it printed"
    return parts


def texts(page: Page, snippets: Mapping[str, Recorded]) -> Iterator[str]:
    """Programs that a page shows, and their outputs, records and plotted data."""
    yield from (fence.body for fence in page.fences if fence.is_python)
    for include in page.includes:
        one = snippets.get(include.snippet)
        file = page.tree.fragments / include.target
        if one is None:
            yield page.tree.text(file) or ""
            continue
        yield one.snippet.source
        yield from filter(None, (one.out, one.cuda_out, *one.built_out.values()))
        runs = filter(None, (one.cpu, one.gpu, *one.builds.values()))
        for run in runs:  # whose digests prove nothing
            yield f"{run.torch} {run.python} {run.device} {run.driver}"
            yield f"{run.seconds} {run.date}"
        if one.drawn:
            yield page.tree.text(one.snippet.figure_data) or ""
