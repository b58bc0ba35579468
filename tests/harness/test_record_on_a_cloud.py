"""The script that records on a rented machine, with stand-ins for ssh and make."""

import os
import shutil
import subprocess

import pytest

from harness.core.tree import HERE

SCRIPT = HERE.root / ".github/record-on-a-cloud.sh"
# The command that it is given, in a folder in the place of the machine.
SSH = """\
#!/bin/sh
echo "$@" >> "$HERE/asked"
for command; do :; done
cd "$HERE/far" && TMPDIR=$HERE/far PATH=$HERE/far-bin:$PATH \
  sh -c "$command" > "$HERE/sent"
code=$?
{}
"""
ARRIVES = 'cat "$HERE/sent"; exit $code'
HALF = 'head -c 2048 "$HERE/sent"; '  # two whole files of the four
RECORDS = """\
#!/bin/sh
for word; do echo "$word" >> "$HERE/words"; done
ls > "$HERE/copied"
echo 'what make says'
mkdir -p recorded/runs/gpu/t
echo new > recorded/runs/gpu/t/one.json
echo 'from a card' > snippets/t/one.cuda.out
rm -f snippets/t/two.cuda.out
"""
BEFORE = {
    "Makefile": "record-gpu:\n",
    "snippets/t/one.py": "print(1)\n",
    "snippets/t/two.cuda.out": "no more\n",
    "recorded/runs/gpu/t/two.json": "kept\n",
}
AFTER = BEFORE | {
    "recorded/runs/gpu/t/one.json": "new\n",
    "snippets/t/one.cuda.out": "from a card\n",
}
del AFTER["snippets/t/two.cuda.out"]


class Here:
    """A copy of the site's files, beside it the machine that its ssh reaches."""

    def __init__(self, root):
        self.root, self.copy = root, root / "copy"
        for name, text in BEFORE.items():
            self.write(f"copy/{name}", text)
        self.write("copy/.gitignore", "/build/\n")
        (self.copy / ".github").mkdir()
        shutil.copy2(SCRIPT, self.copy / ".github")
        (root / "far").mkdir()
        self.git("init", "--quiet")
        self.git("add", "--all")
        who = ["-c", "user.name=m", "-c", "user.email=m@example.org"]
        self.git(*who, "commit", "--quiet", "--message", "All")

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.copy, check=True)

    def run(self, *words: str, ssh=ARRIVES, make="") -> tuple[int, str]:
        """How the script ends, and what it says."""
        self.write("bin/ssh", SSH.format(ssh))
        self.write("far-bin/make", RECORDS + make)
        path = f"{self.root}/bin{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", self.copy / ".github/record-on-a-cloud.sh", *words],
            cwd=self.root,
            env=os.environ | {"PATH": path, "HERE": str(self.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert list((self.root / "far").iterdir()) == []  # nothing stays there
        assert not list(self.copy.glob("build/*.part"))
        return done.returncode, done.stdout

    def said(self, name: str) -> list[str]:
        file = self.root / name
        return file.read_text().splitlines() if file.exists() else []

    @property
    def files(self) -> dict[str, str]:
        return {
            str(file.relative_to(self.copy)): file.read_text()
            for folder in ("snippets", "recorded", "Makefile")
            for file in [self.copy / folder, *(self.copy / folder).rglob("*")]
            if file.is_file()
        }


@pytest.fixture
def here(tmp_path):
    return Here(tmp_path)


def test_the_records_come_back_as_one_tar_and_replace_those_before(here):
    code, said = here.run("me@far", "ONLY=t/one t/two", "CUDA_INDEX=https://a.b/cu126")
    assert code == 0, said
    assert here.said("words") == [
        "record-gpu",
        "ONLY=t/one t/two",
        "CUDA_INDEX=https://a.b/cu126",
    ]
    assert here.said("copied") == ["Makefile", "recorded", "snippets"]
    assert here.files == AFTER
    assert "what make says" in said and "now delete me@far" in said
    listed = ["tar", "-tf", here.copy / "build/gpu-records.tar"]
    done = subprocess.run(listed, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "recorded/runs/gpu/t/one.json",
        "recorded/runs/gpu/t/two.json",
        "snippets/t/one.cuda.out",
        "recorded/all.txt",
    ]
    assert [one for one in here.said("asked") if " -- me@far " in one]


def test_a_command_that_fails_says_so_and_what_it_recorded_comes_back(here):
    code, said = here.run("far", make="exit 2\n")
    assert (code, here.files) == (2, AFTER), said
    assert "now delete far" in said


@pytest.mark.parametrize(
    ("ssh", "code"),
    [
        ("exit 255", 255),  # nobody is there
        (HALF + "exit 255", 255),
        (HALF + "exit 0", 1),
        ("exit 0", 1),
        ('cat "$HERE/sent" | head -c 700; exit $code', 1),
    ],
)
def test_what_comes_back_in_part_changes_nothing(here, ssh, code):
    ended, said = here.run("far", ssh=ssh)
    assert (ended, here.files) == (code, BEFORE), said
    assert "is far still running?" in said
    assert not (here.copy / "build/gpu-records.tar").exists()


def test_a_machine_without_room_says_so(here):
    here.write("far-bin/mktemp", "#!/bin/sh\necho 'no space left'>&2\nexit 3\n")
    code, said = here.run("far")
    assert (code, here.files) == (3, BEFORE) and "no space left" in said


def test_a_machine_may_send_no_other_file(here):
    sends = (
        "mkdir x; cd x; mkdir snippets recorded; echo 2 | tee snippets/one.py "
        "> recorded/all.txt; tar -c snippets/one.py recorded/all.txt; rm -r ../x"
    )
    code, said = here.run("far", ssh=sends)
    assert (code, here.files) == (1, BEFORE)
    assert "far sent what is no record of a GPU: snippets/one.py" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "name a machine"),
        (["-oProxyCommand=x"], "name a machine"),
        (["far", "ONLY='; rm -r x"], "not for make"),
        (["far", "--jobs"], "not for make"),
    ],
)
def test_what_cannot_be_meant_is_refused(here, words, why):
    code, said = here.run(*words)
    assert code == 1 and why in said and here.said("asked") == []


def test_what_is_not_committed_would_not_be_there(here):
    here.write("copy/snippets/t/one.py", "print(2)\n")
    code, said = here.run("far")
    assert code == 1 and "commit first" in said and here.said("asked") == []
