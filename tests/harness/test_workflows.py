"""The workflows: what they may do, what blocks publishing, what they report."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from harness.core.directives import NEWER, SYSTEMS
from harness.core.records import LANES
from harness.core.snippet import find
from harness.core.snippet_rules import PUBLISHED
from harness.core.tree import HERE, Tree
from harness.run import lane as planning
from harness.run.lane import run
from harness.run.options import Options
from harness.site import notebooks, programs

GITHUB = HERE.root / ".github"
TEXTS = {f.name: f.read_text() for f in sorted(GITHUB.glob("workflows/*.yml"))}
# BaseLoader: otherwise "on" is a boolean.
FLOWS = {n: yaml.load(text, Loader=yaml.BaseLoader) for n, text in TEXTS.items()}
JOBS = {(n, key): job for n, flow in FLOWS.items() for key, job in flow["jobs"].items()}
TOOLS = Path(sys.executable).parent


def steps(name: str, job: str) -> list[dict]:
    return JOBS[name, job].get("steps", [])


def step(name: str, job: str, title: str) -> dict:
    return next(s for s in steps(name, job) if s["name"] == title)


# What they may do

NOBODY = "@<maintainer>"  # which a person has to fill in: GitHub takes no such name
LOGIN = re.compile(r"@[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:/[\w-]+)?")


def test_what_guards_the_rest_has_an_owner_or_says_that_it_has_none():
    lines = (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()
    rules = [line.split() for line in lines if not line.startswith("#")]
    owned = {path for path, *owners in rules if owners}
    assert {"/.github/", "/harness/gate/", "/harness/run/", "/requirements*"} <= owned
    assert all(any(HERE.root.glob(path.strip("/"))) for path in owned)
    owners = {owner for _, *owners in rules for owner in owners}
    assert all(map(LOGIN.fullmatch, owners - {NOBODY})) and not LOGIN.fullmatch(NOBODY)
    says = (HERE.root / "SECURITY.md").read_text("utf-8")
    assert (NOBODY in owners) == (NOBODY in says) == any(NOBODY in x for x in lines[:2])


@pytest.mark.parametrize("persona", ["regular", "auditor"])
def test_zizmor_finds_nothing(persona):
    command = [TOOLS / "zizmor", "--offline", "--no-progress", "--strict-collection"]
    more = ["--persona", persona, "--format", "json", GITHUB]
    done = subprocess.run([*command, *more], capture_output=True, text=True)
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", "workflows/*.yml"),
        ("dependabot", "dependabot.yml"),
        ("github-issue-forms", "ISSUE_TEMPLATE/*.yml"),
    ],
)
def test_files_follow_their_schema(schema, files):
    command = [TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, *GITHUB.glob(files)], capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


def test_every_action_is_pinned_to_one_commit():
    pins = {}
    for text in TEXTS.values():
        for used in re.findall(r"uses: (.*)", text):
            if used.startswith("$/"):
                continue
            found = re.fullmatch(
                r"(actions/[\w-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+", used
            )
            assert found, used
            pins.setdefault(found[1], set()).add(found[2])
    assert {len(commits) for commits in pins.values()} == {1}


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_every_job_has_a_limit_and_permissions(name, job):
    facts = JOBS[name, job]
    most = 180 if name == "weekly.yml" else 70 if job == "gpu-answer" else 30
    assert "permissions" in facts
    assert "uses" in facts or int(facts["timeout-minutes"]) <= most


def test_only_five_jobs_may_write():
    may = {
        job: [what for what, how in JOBS[job]["permissions"].items() if how == "write"]
        for job in JOBS
    }
    assert {job: what for job, what in may.items() if what} == {
        ("publish.yml", "publish"): ["pages", "id-token"],
        ("publish.yml", "provenance"): ["id-token", "attestations"],
        ("publish.yml", "notebooks"): ["contents"],
        ("environments.yml", "propose"): ["contents"],
        ("environments.yml", "issue"): ["issues"],
    }
    assert all(flow["permissions"] == {} for flow in FLOWS.values())


def test_no_workflow_has_secrets_or_runs_for_another_repository():
    for text in TEXTS.values():
        assert not re.search(r"secrets|pull_request_target|workflow_run", text)


def test_every_checkout_forgets_its_credentials():
    for job in JOBS:
        for one in steps(*job):
            if one.get("uses", "").startswith("actions/checkout@"):
                assert one["with"]["persist-credentials"] == "false"


def test_the_gpu_is_out_of_reach_of_a_pull_request():
    reach = {n for n, flow in FLOWS.items() if "pull_request" in flow["on"]}
    assert reach == {"ci.yml", "smoke.yml"}
    for name in reach:
        assert not re.search(
            "GPU|gpu|environment|self-hosted|notebooks.yml@", TEXTS[name]
        )
        assert not [job for job in FLOWS[name]["jobs"].values() if "uses" in job]
    assert JOBS["publish.yml", "gpu"]["environment"] == "gpu"


# What blocks publishing


def test_no_other_system_delays_a_publication():
    """A workflow that another calls has ended when all of its jobs have."""
    used = {job.get("uses", "") for job in FLOWS["publish.yml"]["jobs"].values()}
    assert used == {"", "$/.github/workflows/ci.yml"}
    assert [*FLOWS["ci.yml"]["jobs"]] == ["cpu"]
    systems = FLOWS["smoke.yml"]["jobs"]["smoke"]["strategy"]["matrix"]["os"]
    assert {one.partition("-")[0] for one in systems} == {"macos", "windows"}


def value(condition: str, facts: dict) -> bool:
    """What GitHub makes of an `if:`, as far as ours go."""
    text = condition.removeprefix("${{").removesuffix("}}")

    def fact(found) -> str:
        return found[0] if found[0].startswith("'") else repr(facts[found[0]])

    text = re.sub(r"'[^']*'|[a-z][\w.-]*(\(\))?", fact, text, flags=re.IGNORECASE)
    text = text.replace("&&", " and ").replace("||", " or ")
    return bool(eval(re.sub(r"!(?!=)", " not ", text).strip(), {"__builtins__": {}}))


def publication(ends: dict, runner="", ref="refs/heads/main", fork=False, stop=False):
    """The result of each job of notebooks.yml, given how those that run end."""
    jobs, results, above = FLOWS["publish.yml"]["jobs"], {}, {}
    for name, job in jobs.items():
        needs = (
            [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs")
        )
        above[name] = {a for need in needs or [] for a in above[need] | {need}}
        facts = {f"needs.{need}.result": results[need] for need in needs or []} | {
            "vars.GPU_RUNNER": runner,
            "github.ref": ref,
            "github.event.repository.fork": fork,
            "github.event.repository.visibility": "public",
            "cancelled()": stop,
            "success()": {results[a] for a in above[name]} <= {"success"} and not stop,
        }
        condition = job.get("if", "success()")
        if not re.search(r"\w\(\)", condition):  # GitHub adds this one
            condition = f"success() && ({condition})"
        ran = value(condition, facts)
        results[name] = ends.get(name, "success") if ran else "skipped"
    return results


def test_with_a_gpu_runner_everything_runs_before_publishing():
    results = publication({}, runner="box")
    after = ["provenance", "notebooks"]
    assert list(results) == ["cpu", "gpu", "gpu-answer", "publish", *after]
    assert set(results.values()) == {"success"}


def test_without_a_gpu_runner_only_the_gpu_lane_is_left_out():
    results = publication({})
    skipped = [job for job, end in results.items() if end == "skipped"]
    assert skipped == ["gpu", "gpu-answer"]
    assert results["publish"] == "success"


@pytest.mark.parametrize("runner", ["", "box"])
@pytest.mark.parametrize(
    ("ends", "facts"),
    [
        ({"cpu": "failure"}, {}),
        ({"cpu": "cancelled"}, {}),
        ({}, {"stop": True}),
        ({}, {"fork": True}),
        ({}, {"ref": "refs/heads/idea"}),
    ],
)
def test_nothing_is_published_unless_all_holds(runner, ends, facts):
    assert publication(ends, runner, **facts)["publish"] == "skipped"


def test_what_was_tested_is_what_is_published():
    """One build, with the final address; no other job builds or uploads a site."""
    tested = step("ci.yml", "cpu", "Test")
    assert tested["run"] == "make test"
    assert "vars.SITE_URL" in tested["env"]["SITE_URL"]
    titles = [one["name"] for one in steps("ci.yml", "cpu")]
    assert titles.index("Hand over the site") == titles.index("Test") + 1
    handed = step("ci.yml", "cpu", "Hand over the site")
    assert handed["with"] == {"path": "site"}
    assert handed["if"] == "github.event_name != 'pull_request'"
    text = "".join(TEXTS.values())
    assert text.count("upload-pages-artifact") == 1
    assert not re.search(r"make site|mkdocs build", text)
    assert JOBS["publish.yml", "cpu"]["uses"] == "$/.github/workflows/ci.yml"


def test_what_is_slow_runs_once_a_week():
    assert set(FLOWS["weekly.yml"]["on"]) == {"schedule", "workflow_dispatch"}
    assert step("weekly.yml", "slow", "Run")["run"] == "make weekly"
    ask = "make --no-print-directory --dry-run --always-make weekly".split()
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    assert "pytest tests -m weekly" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("-m tests.witness")


def test_quoted_texts_are_looked_up_once_a_week_where_their_packages_are():
    """For CUDA, a Mac and torchvision; there, none may be left out."""
    assert step("weekly.yml", "texts", "Look them up")["run"] == "make texts"
    ask = "make --no-print-directory --dry-run --always-make texts".split()
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    for apart in ("cuda-build", "torchvision"):
        assert f"-m venv build/venvs/{apart}\n" in done.stdout
    assert "--target build/venvs/mac/lib/python3/site-packages" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("TEXTS=all ") and "claims/errors/test_index.py" in last
    (chosen,) = re.findall(r"-k (\w+)$", last)
    file = HERE.root / "tests" / "claims" / "errors" / "test_index.py"
    assert len(re.findall(rf"\ndef test_.*{chosen}\(", file.read_text("utf-8"))) == 1


def test_another_torch_or_another_build_is_installed():
    """The pin is in one place, and changing it there installs it."""

    def installs(*change: str) -> bool:
        # Whether the pins have changed since is another question.
        old = [
            f"--old-file={name}.txt" for name in ("requirements", "requirements-torch")
        ]
        ask = ["make", "--dry-run", *old, "install", *change]
        done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
        return "uninstall --yes torch" in done.stdout

    assert not installs()
    assert installs("TORCH=torch==2.14.1")
    assert installs("TORCH_INDEX=https://download.pytorch.org/whl/cu130")
    text = "".join(
        file.read_text(encoding="utf-8")
        for file in (HERE.root / "Makefile", *GITHUB.rglob("*.yml"))
    )
    assert len(re.findall(r"torch==\d", text)) == 1


def test_colab_gets_the_notebooks_that_were_published(tmp_path):
    """By the job's own script, with a folder in the place of GitHub."""
    assert publication({"publish": "failure"})["notebooks"] == "skipped"
    page = tmp_path / "site" / "walks" / "sum"
    page.mkdir(parents=True)
    (page / "sum.ipynb").write_text("{}")
    (page / "index.html").write_text("no")
    given = tmp_path / "site" / "programs" / "walks"
    given.mkdir(parents=True)
    (given / "sum.ipynb").write_text("{}")
    (given / "sum.py").write_text("no")
    tar = ["tar", "-cf", tmp_path / "artifact.tar", "-C", tmp_path / "site", "."]
    subprocess.run(tar, check=True)
    shutil.rmtree(tmp_path / "site")
    shared = tmp_path / "shared.git"
    subprocess.run(["git", "init", "--quiet", "--bare", shared], check=True)
    instead = f"url.{shared}.insteadOf"
    config = ["git", "config", "--file", tmp_path / ".gitconfig", instead]
    subprocess.run([*config, "https://github.com/a/b"], check=True)
    script = step("publish.yml", "notebooks", "Push the notebooks")["run"]
    assert "$TOKEN@" not in script  # in a command line others could read it
    subprocess.run(
        ["bash", "-ec", script],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "TOKEN": "t",
            "GITHUB_ACTOR": "someone",
            "GITHUB_SHA": "abc",
            "GITHUB_REPOSITORY": "a/b",
        },
        check=True,
    )
    shown = ["git", "-C", shared, "ls-tree", "--name-only", "-r", "notebooks"]
    done = subprocess.run(shown, capture_output=True, text=True, check=True)
    assert done.stdout == "programs/walks/sum.ipynb\nsum.ipynb\n"
    assert notebooks.COLAB.format("a/b", "sum.ipynb").endswith("/notebooks/sum.ipynb")


@pytest.mark.parametrize("end", ["failure", "cancelled", "skipped"])
def test_a_gpu_lane_that_did_not_pass_blocks(end):
    assert publication({"gpu-answer": end}, runner="box")["publish"] == "skipped"


@pytest.mark.parametrize(
    ("said", "minutes", "code", "words"),
    [
        (["success"], 0, 0, ""),
        (["queued", "in_progress", "in_progress", "success"], 3, 0, ""),
        (["", "queued", "failure"], 2, 1, "ended with: failure"),
        (["in_progress", "cancelled"], 1, 1, "ended with: cancelled"),
        (["timed_out"], 0, 1, "ended with: timed_out"),
        (["queued"], 30, 0, "::warning::No GPU runner"),
        (["waiting"], 30, 0, "::warning::No GPU runner"),
        (["queued"] * 29 + ["in_progress"] * 29 + ["success"], 58, 0, ""),
        (["in_progress"], 65, 1, "did not end"),
    ],
)
def test_a_gpu_that_is_late_does_not_hold_up_publishing(
    tmp_path, said, minutes, code, words
):
    """By the job's own script; GitHub and the clock are files."""
    (tmp_path / "said").write_text("\n".join(said) + "\n")
    asked = 'head -n 1 said; [ "$(wc -l < said)" -gt 1 ] && sed -i 1d said; true'
    for name, script in {"gh": asked, "sleep": "echo $1 >> slept"}.items():
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
    (tmp_path / "slept").touch()
    script = step("publish.yml", "gpu-answer", "Wait")["run"]
    ran = subprocess.run(
        ["bash", "-ec", script],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}{os.pathsep}{os.defpath}"},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (code, "")
    assert words in ran.stdout
    assert (tmp_path / "slept").read_text() == "60\n" * minutes
    assert JOBS["publish.yml", "gpu"]["name"] in script


def test_the_gpu_lane_compares_and_records_nothing():
    assert "--lane gpu" in step("publish.yml", "gpu", "Run the GPU lane")["run"]
    for name, job in JOBS:
        runs = "".join(one.get("run", "") for one in steps(name, job))
        records = re.search(r"record-|--record|make record", runs)
        assert bool(records) == (job == "record"), (name, job)


APART = FLOWS["environments.yml"]["jobs"]["run"]["strategy"]["matrix"]["lane"]


@pytest.mark.parametrize("lane", APART)
def test_what_goes_apart_is_run_once_a_week_and_records_nothing(lane):
    assert {*APART} == {*LANES} - {"cpu", "gpu"}
    assert set(FLOWS["environments.yml"]["on"]) == {"schedule", "workflow_dispatch"}
    command = step("environments.yml", "run", "Run")["run"].partition(" || ")[0]
    ask = command.replace('"$LANE"', lane).split()
    ask += ["--no-print-directory", "--dry-run", "--always-make"]
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    last = done.stdout.splitlines()[-1]
    assert last.strip().endswith(f"harness run --lane {lane} --json run.json"), last


NEWEST = FLOWS["environments.yml"]["jobs"]["record"]["strategy"]["matrix"]["lane"]
WRITES = {  # what a lane writes, and what it may not change
    "recorded/{}.json": '{{\n "date": "{}"\n}}\n',
    "recorded/runs/{}/t/one.json": '{{\n "seconds": {},\n "torch": "9"\n}}\n',
    "recorded/figures/t/one.{}.json": "[1]\n",
    "snippets/t/one.{}.out": "2\n",
}
PLANTED = (".github/workflows/x.yml", "snippets/t/one.py", "recorded/waivers.yml")


def in_git(folder, *words: str) -> str:
    who = ["-c", "user.name=m", "-c", "user.email=m@example.org"]
    command = ["git", *who, *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def write(folder, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def written(lane: str, week: str) -> dict[str, str]:
    return {name.format(lane): text.format(week) for name, text in WRITES.items()}


@pytest.fixture
def main(tmp_path):
    """A copy of the main branch."""
    folder = tmp_path / "main"
    write(folder, dict.fromkeys(PLANTED, "1\n") | {"snippets/t/one.out": "1\n"})
    in_git(folder, "init", "--quiet", "--initial-branch", "main")
    in_git(folder, "add", "--all")
    in_git(folder, "commit", "--quiet", "--message", "All")
    return folder


@pytest.mark.parametrize(
    ("report", "make", "code", "kept"),
    [
        (False, "exit 1", 0, False),
        (True, "exit 0", 0, True),
        (True, "exit 2", 0, True),  # one program could not be recorded
        (
            True,
            "git clean -qfd snippets recorded; exit 2",
            1,
            False,
        ),
    ],
)
def test_newer_releases_are_recorded_where_something_differs(
    tmp_path, main, report, make, code, kept
):
    assert [*NEWEST] == [*NEWER]
    script = step("environments.yml", "record", "Record")["run"]
    write(tmp_path / "made", written("newest", "1"))
    words = f"#!/bin/sh\necho $@ >&2\ncp -r {tmp_path}/made/. .\n{make}\n"
    write(tmp_path, {"bin/make": words})
    (tmp_path / "bin/make").chmod(0o755)
    if report:
        write(main, {"reports/report-newest.md": "differs\n"})
    path = f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", script],
        cwd=main,
        env=os.environ | {"PATH": path, "LANE": "newest"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    patch = main / "records-newest.patch"
    assert (patch.exists() and patch.stat().st_size > 0) == kept
    assert done.stderr.startswith("record-newest\n") == report
    if kept:
        said = in_git(main, "apply", "--numstat", str(patch))
        names = {line.split("\t")[2] for line in said.splitlines()}
        assert names == written("newest", "").keys()


def proposed(tmp_path, main, weeks: dict[str, str], planted=False) -> str:
    """The branch after the job's own script, a folder in the place of GitHub."""
    shared = tmp_path / "shared.git"
    if not shared.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", shared], check=True)
        instead = f"url.{shared}.insteadOf"
        config = ["git", "config", "--file", tmp_path / ".gitconfig", instead]
        subprocess.run([*config, "https://github.com/a/b"], check=True)
    there = tmp_path / "there"
    shutil.rmtree(there, ignore_errors=True)
    in_git(tmp_path, "clone", "--quiet", str(main), str(there))
    (there / "records").mkdir()
    for lane, week in weeks.items():
        write(there, written(lane, week))
        if planted:
            write(there, dict.fromkeys(PLANTED, "2\n"))
        in_git(there, "add", "--all", "--", ".github", "recorded", "snippets")
        patch = in_git(there, "diff", "--cached", "--binary")
        in_git(there, "reset", "--quiet", "--hard")
        write(there, {f"records/records-{lane}.patch": patch})
    push = step("environments.yml", "propose", "Push the branch")
    assert "$TOKEN@" not in push["run"]  # in a command line others could read it
    (tmp_path / "output").write_text("")
    env = {"HOME": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output")}
    env |= {"GITHUB_ACTOR": "someone", "GITHUB_REPOSITORY": "a/b", "TOKEN": "t"}
    ask = ["bash", "-ec", push["run"]]
    path = {"PATH": os.environ["PATH"]}
    subprocess.run(ask, cwd=there, env=env | path, check=True)
    return in_git(shared, "for-each-ref", "--format=%(refname) %(objectname)")


def test_what_newer_releases_print_is_proposed_on_one_branch(tmp_path, main):
    first = proposed(tmp_path, main, {"newest": "1", "newest-python": "1"})
    assert first.startswith("refs/heads/newest-records ") and first.count("\n") == 1
    shared, branch = tmp_path / "shared.git", "newest-records"
    names = written("newest", "").keys() | written("newest-python", "").keys()

    def differs() -> set[str]:
        parent = in_git(shared, "rev-parse", f"{branch}^").strip()
        assert parent == in_git(main, "rev-parse", "main").strip()
        return {*in_git(shared, "diff", "--name-only", parent, branch).split()}

    assert differs() == names
    said = "branch=https://github.com/a/b/compare/newest-records\n"
    assert (tmp_path / "output").read_text() == said
    # A week later only days and times differ, and then a lane has no difference.
    assert proposed(tmp_path, main, {"newest": "2", "newest-python": "2"}) == first
    assert (tmp_path / "output").read_text() == said
    assert proposed(tmp_path, main, {"newest": "3"}) != first
    assert differs() == written("newest", "").keys()
    write(main, {"README.md": "1\n"})
    in_git(main, "add", "--all")
    in_git(main, "commit", "--quiet", "--message", "More")
    before = proposed(tmp_path, main, {"newest": "4", "newest-python": "1"})
    assert differs() == names
    # Nothing differs any more: what was proposed stays as it is.
    assert proposed(tmp_path, main, {}) == before
    assert (tmp_path / "output").read_text() == ""


def test_a_proposal_holds_only_what_these_lanes_write(tmp_path, main):
    proposed(tmp_path, main, {"newest": "1"}, planted=True)
    shared = tmp_path / "shared.git"
    changed = in_git(shared, "diff", "--name-only", "newest-records^", "newest-records")
    assert {*changed.split()} == written("newest", "").keys()


def test_the_job_that_may_push_runs_nothing_that_was_installed():
    used = [
        one["uses"] for one in steps("environments.yml", "propose") if "uses" in one
    ]
    assert {one.partition("@")[0] for one in used} == {
        "actions/checkout",
        "actions/download-artifact",
    }
    runs = [one["run"] for one in steps("environments.yml", "propose") if "run" in one]
    assert len(runs) == 1 and not re.search(r"\b(make|pip|python)\b", runs[0])
    assert FLOWS["environments.yml"]["on"].keys() == {"schedule", "workflow_dispatch"}


def test_the_newest_torch_is_recorded_with_what_is_newest_then():
    ask = "make --no-print-directory --dry-run --always-make record-newest".split()
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    *_, install, last = done.stdout.splitlines()
    assert install.endswith("--upgrade torch")
    assert last.strip().endswith("harness run --lane newest --record")


def test_weights_are_trained_once_a_week_and_held_to_their_cards():
    flow = FLOWS["retrain.yml"]
    assert set(flow["on"]) == {"schedule", "workflow_dispatch"}
    titles = [one["name"] for one in steps("retrain.yml", "train")]
    assert steps("retrain.yml", "train")[-1]["run"] == "make retrain", titles
    ask = "make --no-print-directory --dry-run --always-make retrain".split()
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    last = done.stdout.splitlines()[-1]
    assert last.endswith("lab train --check"), last


# What they call exists


@pytest.mark.parametrize(
    "command",
    sorted(set(re.findall(r"run: (make [a-z].*)", "".join(TEXTS.values())))),
)
def test_make_knows_what_is_asked_of_it(command):
    ask = [*command.split(), "--dry-run"]
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_newest_torch_is_not_the_pinned_one():
    ask = "make --dry-run --always-make install TORCH=torch".split()
    done = subprocess.run(ask, cwd=HERE.root, capture_output=True, text=True)
    assert "install" in done.stdout and "torch==" not in done.stdout


HASHED = "--no-deps --only-binary :all: --require-hashes"
HASHED += " --requirement requirements-torch.txt"


@pytest.mark.parametrize(
    ("name", "job", "title"),
    [
        ("smoke.yml", "smoke", "Install what snippets import"),
        ("publish.yml", "gpu", "Install torch"),
    ],
)
def test_jobs_without_make_install_the_pinned_torch(name, job, title):
    first, second = step(name, job, title)["run"].strip().split("\n")[-2:]
    assert first.endswith(HASHED)
    assert " torch numpy" in second  # which is there then


def test_torch_is_installed_by_its_digest_unless_another_is_asked_for():
    """As the user asks for it: with another version or index there is no digest."""
    pinned = (HERE.root / "requirements-torch.txt").read_text(encoding="utf-8")
    (version,) = re.findall(r"^torch==\S+", pinned, re.MULTILINE)
    assert f"\nTORCH = {version}\n" in (HERE.root / "Makefile").read_text("utf-8")
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", pinned)) > 30
    ask = "make --dry-run --always-make install".split()
    env = {k: v for k, v in os.environ.items() if k != "TORCH_INDEX"}
    for change, times in (
        ((), 2),
        (("TORCH=torch==9.0.0",), 0),
        (("TORCH_INDEX=x",), 0),
    ):
        done = subprocess.run(
            [*ask, *change], cwd=HERE.root, env=env, capture_output=True, text=True
        )
        assert done.stdout.count(HASHED) == times, done.stdout


def test_a_torch_without_digests_is_refused_before_anything_is_installed(tmp_path):
    make = (HERE.root / "Makefile").read_text(encoding="utf-8")
    make = re.sub(r"^TORCH = .*", "TORCH = torch==9.0.0", make, flags=re.MULTILINE)
    (tmp_path / "Makefile").write_text(make, encoding="utf-8")
    for name in ("requirements.txt", "requirements-torch.txt"):
        shutil.copy(HERE.root / name, tmp_path)
    ask = ["make", "install", f"PYTHON={sys.executable}"]
    env = {k: v for k, v in os.environ.items() if k != "TORCH_INDEX"}
    done = subprocess.run(ask, cwd=tmp_path, env=env, capture_output=True, text=True)
    told = "requirements-torch.txt has no digests of torch==9.0.0: make lock-torch\n"
    assert done.returncode and done.stdout == told
    assert not (tmp_path / ".venv").exists()


def test_a_smoke_run_takes_a_sample_of_every_topic():
    every = {s.name.split("/")[0] for s in planning.plan(find(HERE), "cpu")[0]}
    runs, left_out = planning.plan(find(HERE), "cpu", smoke=True)
    assert len(runs) <= planning.SMOKE
    assert {s.name.split("/")[0] for s in runs} == every
    assert "not part of a smoke run" in left_out


def test_other_systems_have_what_a_smoke_run_imports():
    installed = {"torch", "numpy", "matplotlib", "sklearn", "PIL"}  # by Matplotlib
    installed |= sys.stdlib_module_names | PUBLISHED | programs.MADE_HERE
    script = step("smoke.yml", "smoke", "Install what snippets import")["run"]
    assert script.split()[-4:] == ["torch", "numpy", "matplotlib", "scikit-learn"]
    planned = planning.plan(find(HERE), "cpu", smoke=True)[0]
    lacks = {s.name: s.imports.keys() - installed for s in planned}
    assert not any(lacks.values()), lacks


def test_a_readers_own_line_is_tried_where_the_site_is_known():
    job = JOBS["run.yml", "by-address"]
    systems = [name.partition("-")[0] for name in job["strategy"]["matrix"]["os"]]
    assert systems == ["ubuntu", "windows", "macos"]
    for address in ("", "https://example.org/book/"):
        facts = {"vars.SITE_URL": address, "github.event.repository.fork": False}
        assert value(job["if"], facts) == bool(address)
    script = step("run.yml", "by-address", "Run programs by their addresses")["run"]
    names = re.findall(r"[a-z]+/[a-z_]+(?=[ ;])", script.partition("done")[0])
    tried = [one for one in find(HERE) if one.name in names]
    assert len(tried) == len(names) > 3
    assert not any(
        d.raises or d.run or "cuda" in d.needs
        for d in (one.directives for one in tried)
    )


# What a smoke run compares

SMOKE = {
    "prints_otherwise": ("print(5)\n", "4\n"),
    "warns_otherwise": ("import warnings\nwarnings.warn('x', stacklevel=1)\n", ""),
    "raises_as_it_says": ("# raises: KeyError\n{}['a']\n", ""),
    "raises": ("{}['a']\n", ""),
    "does_not_raise": ("# raises: KeyError\nprint(1)\n", "1\n"),
    "does_not_warn": ("# warns: UserWarning\nprint(1)\n", "1\n"),
    "leaves": ("import os\nos._exit(0)\n", ""),
    "launched": ("# run: torchrun --nproc-per-node 2\nprint(1)\n", "1\n"),
}


@pytest.fixture(scope="module")
def smoked(tmp_path_factory) -> Tree:
    tree = Tree(tmp_path_factory.mktemp("tree"))
    for name, (source, out) in SMOKE.items():
        file = tree.snippets / "t" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
        file.with_suffix(".out").write_text(out)
    return tree


def test_a_smoke_run_compares_ends_and_exceptions_only(smoked, capsys):
    done = run(smoked, Options(smoke=True, fork=False))
    failed = {o.snippet.name for o in done if o.problems}
    assert failed == {"t/raises", "t/does_not_raise", "t/does_not_warn", "t/leaves"}
    said = capsys.readouterr().out
    assert "not run, not part of a smoke run: 1 (t/launched)" in said
    assert "3 snippets as declared, 4 failed" in said


@pytest.mark.parametrize("smoke", [False, True])
def test_what_a_system_lacks_is_left_out_there_and_counted(monkeypatch, smoke):
    monkeypatch.setattr(planning, "SMOKE", 10_000)  # no sample
    # A Mac's GPU is no part of a smoke run, see below.
    every = [s for s in find(HERE) if not s.chooses_device]
    needs = {
        system: {s.name for s in every if s.directives.needs == {system}}
        for system in SYSTEMS
    }
    lacks = {"linux": [], "darwin": ["linux"], "win32": ["linux", "unix"]}
    for system, absent in lacks.items():
        monkeypatch.setattr(sys, "platform", system)
        runs, left_out = planning.plan(find(HERE), "cpu", smoke)
        for need, names in needs.items():
            left = left_out.get(f"needs {need}", [])
            counted = {s.name for s in left if not s.chooses_device}
            assert counted == (names if need in absent else set())
            # On a Mac a smoke run leaves out what chooses a device.
            others = {s.name for s in find(HERE) if smoke and s.chooses_device}
            assert names - counted - others <= {s.name for s in runs}


def test_a_macs_gpu_is_no_part_of_a_smoke_run(smoked, monkeypatch):
    monkeypatch.setattr(planning, "SMOKE", 10_000)  # no sample
    here = {s.name for s in planning.plan(find(HERE), "cpu", smoke=True)[0]}
    monkeypatch.setattr(sys, "platform", "darwin")
    runs, left_out = planning.plan(find(HERE), "cpu", smoke=True)
    gone = here - {s.name for s in runs} - {s.name for s in left_out["needs linux"]}
    assert gone == {s.name for s in find(HERE) if s.chooses_device} & here != set()


# What an environment apart reports


@pytest.fixture(scope="module")
def reporter():
    spec = importlib.util.spec_from_file_location("report", GITHUB / "report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outcome(*what: str) -> dict:
    return {"problems": [{"path": "a", "line": 0, "what": w, "fix": ""} for w in what]}


def test_there_is_no_report_where_all_holds(reporter):
    table = {"torch": "9.0.0", "python": "3.11.7", "snippets": {"t/sum": outcome()}}
    assert reporter.report("newest", table) == ""


def test_a_report_shows_what_differs(reporter):
    snippets = {"t/sum": outcome(), "t/fence": outcome("prints ```` now", "warns")}
    text = reporter.report(
        "newest", {"torch": "9.0.0", "python": "3.11.7", "snippets": snippets}
    )
    assert "torch 9.0.0, Python 3.11.7: 1 of 2 snippets" in text
    assert "### `t/fence`\n\n`````text\nprints ```` now\nwarns\n`````\n" in text
    assert "t/sum" not in text


def test_a_report_fits_into_an_issue(reporter):
    snippets = {f"t/{n}": outcome("x" * 6_000) for n in range(20)}
    text = reporter.report(
        "newest", {"torch": "9.0.0", "python": "3.11.7", "snippets": snippets}
    )
    assert len(text) * len(APART) + 4_500 + 200 < 65_536  # canary, and the branch
    assert text.endswith("has 19 more.\n")


def test_the_report_reads_what_the_harness_writes(smoked, reporter):
    file = smoked.root / "run.json"
    run(smoked, Options(paths=["t/prints_otherwise"], json=file, fork=False))
    text = reporter.report("newest", json.loads(file.read_text()))
    assert "1 of 1" in text and "-4\n" in text and "+5\n" in text


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("", "issue create --title An environment apart does something else"),
        ("7", "issue edit 7"),
    ],
)
@pytest.mark.parametrize("branch", ["", "https://github.com/a/b/compare/c"])
@pytest.mark.parametrize("differ", [[], ["newest"], ["cuda-build", "newest"]])
def test_there_is_one_issue_opened_or_updated(known, asked, differ, branch, tmp_path):
    update = step("environments.yml", "issue", "Open or update the issue")
    gh = tmp_path / "gh"
    gh.write_text(
        f'#!/bin/sh\n[ "$2" = list ] && printf "{known}" || echo "$@" >> asked\n'
    )
    gh.chmod(0o755)
    for lane in differ:
        file = tmp_path / "reports" / f"report-{lane}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"## {lane}\n")
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    env |= {"TITLE": update["env"]["TITLE"], "BRANCH": branch}
    subprocess.run(["bash", "-ec", update["run"]], cwd=tmp_path, env=env, check=True)
    if not differ:
        assert not (tmp_path / "asked").exists()
        return
    assert (tmp_path / "asked").read_text() == f"{asked} --body-file report.md\n"
    whole = "".join(f"## {lane}\n" for lane in differ)
    text = (tmp_path / "report.md").read_text()
    assert text.startswith(whole) and (text == whole) == (branch == "")
    assert text.endswith(f"on one branch: {branch}\n" if branch else whole)
