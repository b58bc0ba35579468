"""The claims of docs/distributed/start.md."""

import json
import os
import re
import shlex
import socket
import subprocess
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch.distributed import run
from torch.distributed.elastic.rendezvous import (
    RendezvousParameters,
    c10d_rendezvous_backend,
    static_tcp_rendezvous,
)
from torch.distributed.run import determine_local_world_size, get_args_parser

from tests import forked
from tests.claims_support import drawn
from tests.torch_files import library

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/distributed/start.md").read_text(encoding="utf-8")
JOINED = PAGE.replace("\\\n", "").splitlines()  # a command on one line
SNIPPET = ROOT / "snippets/distributed/device_of_this_process.py"
NAMES = "RANK WORLD_SIZE LOCAL_RANK LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT".split()


def test_three_processes_sum_to_three():
    ended = forked.ranks(SNIPPET, 3)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.splitlines()[1] == "[3.0, 3.0] from 3 processes"


SHOW = """\
import json, os
names = {names}
if os.environ["RANK"] == "1":
    print(json.dumps({{name: os.environ[name] for name in names}}))
"""


def test_torchrun_sets_the_variables_of_the_table(tmp_path):
    program = tmp_path / "show.py"
    program.write_text(SHOW.format(names=NAMES), encoding="utf-8")
    ended = forked.torchrun(program)
    found = json.loads(ended.stdout)
    assert [found[name] for name in NAMES[:4]] == ["1", "2", "1", "2"]
    assert found["MASTER_ADDR"] and int(found["MASTER_PORT"]) > 0
    assert all(f"`{name}`" in PAGE for name in NAMES)


FAILS = """\
import os, time
if os.environ["RANK"] == "1":
    raise ValueError("on purpose")
time.sleep(200)
"""


def test_torchrun_ends_the_others_when_one_fails(tmp_path):
    program = tmp_path / "fails.py"
    program.write_text(FAILS, encoding="utf-8")
    ended = forked.torchrun(program)  # it does not take the 200 seconds
    assert ended.returncode != 0 and "ValueError: on purpose" in ended.stderr


def test_one_thread_for_each_process_unless_it_is_set(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    program = tmp_path / "show.py"
    program.write_text(SHOW.format(names=["OMP_NUM_THREADS"]), encoding="utf-8")
    found = []
    for env in ({"OMP_NUM_THREADS": "3"}, {}):
        ended = forked.torchrun(program, **env)
        found.append(json.loads(ended.stdout)["OMP_NUM_THREADS"])
        assert ("Setting OMP_NUM_THREADS" in ended.stderr) == (not env)
    assert found == ["3", "1"]


def test_a_single_process_keeps_all_threads(monkeypatch):
    for count, threads in (("1", None), ("2", "1")):
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        words = ["--standalone", "--nproc-per-node", count, "train.py"]
        run.config_from_args(get_args_parser().parse_args(words))
        assert os.environ.get("OMP_NUM_THREADS") == threads


def test_one_process_on_each_of_two_machines_keeps_all_threads(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    words = ["--nnodes", "2", "--nproc-per-node", "1", "--rdzv-backend", "c10d"]
    words += ["--rdzv-endpoint", "node1:29400", "train.py"]
    run.config_from_args(get_args_parser().parse_args(words))
    assert "OMP_NUM_THREADS" not in os.environ


def test_the_backend_follows_the_device():
    names = [dist.get_default_backend_for_device(d) for d in ("cpu", "cuda")]
    assert names == ["gloo", "nccl"]


@pytest.mark.parametrize("gpu", ["cuda", "mps"])
def test_only_without_the_if_the_file_uses_gloo_on_the_cpu(gpu, monkeypatch):
    """One GPU and one process, as on a Mac."""
    accelerator, found = torch.accelerator, []
    monkeypatch.setattr(accelerator, "device_count", lambda: 1)
    monkeypatch.setattr(accelerator, "set_device_index", lambda index: None)
    monkeypatch.setattr(accelerator, "current_accelerator", lambda: torch.device(gpu))
    for name, value in (("LOCAL_RANK", "0"), ("LOCAL_WORLD_SIZE", "1")):
        monkeypatch.setenv(name, value)
    head = SNIPPET.read_text(encoding="utf-8").partition("\ndist.init")[0]
    for code in (head, re.sub(r"(?m)^if .*\n(    .*\n){2}", "", head)):
        exec(code, names := {})
        found.append((names["device"].type, names["backend"]))
    own = {"cuda": "nccl", "mps": "gloo"}[gpu]
    assert found == [(gpu, own), ("cpu", "gloo")]


def test_torchrun_asks_for_libuv_which_windows_lacks(monkeypatch):
    """Only the way without torchrun leaves it out there."""
    other = Path(dist.__file__).with_name("rendezvous.py").read_text(encoding="utf-8")
    assert "PyTorch is built without libuv support on windows" in other
    said = "use_libuv was requested but PyTorch was built without libuv support"
    assert said in library("torch_cpu")
    assert "use_libuv: bool = True" in dist.TCPStore.__init__.__doc__
    asked = []
    for module in (c10d_rendezvous_backend, static_tcp_rendezvous):
        monkeypatch.setattr(module, "TCPStore", lambda *a, **named: asked.append(named))
    rdzv = {"run_id": "job", "min_nodes": 1, "max_nodes": 1}
    local = RendezvousParameters("c10d", "localhost:0", is_host=True, **rdzv)
    c10d_rendezvous_backend._create_tcp_store(local)
    named = {"rank": 0, "world_size": 1, "run_id": "job", "timeout": 1}
    named |= {"master_addr": "localhost", "master_port": 0}
    handler = static_tcp_rendezvous.StaticTCPRendezvous(**named)
    with pytest.raises(ValueError, match="cannot be None"):  # no store was made
        handler.next_rendezvous()
    assert len(asked) == 2 and not any("use_libuv" in named for named in asked)


def test_gloo_reaches_the_gpus_of_nvidia_too():
    assert {"cpu", "cuda"} <= {*dist.Backend.backend_capability["gloo"]}


def test_gloo_does_not_reach_the_gpu_of_a_mac():
    mps = torch.device("mps")
    assert dist.get_default_backend_for_device(mps) == "gloo"
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    try:
        with pytest.raises(RuntimeError, match="associated with device type mps"):
            dist.distributed_c10d._get_default_group()._get_backend(mps)
    finally:
        dist.destroy_process_group()


@pytest.mark.parametrize(
    "line", [row[2:] for row in JOINED if re.match(r"\$.* torchrun ", row)]
)
def test_every_line_on_the_page_is_understood_by_torchrun(line):
    words = shlex.split(line)
    words = words[words.index("torchrun") + 1 :]
    words = [w.replace("$SLURM_NNODES", "2") for w in words]
    asked = get_args_parser().parse_args(words)
    assert asked.training_script == "train.py" and not asked.training_script_args
    assert asked.nproc_per_node in ("2", "4", "gpu")
    if not asked.standalone:
        assert asked.rdzv_backend == "c10d" and asked.rdzv_endpoint.endswith(":29400")
        assert asked.nnodes == "2" and asked.rdzv_id


def test_without_torchrun_the_variable_is_missing(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="RANK expected, but not set"):
        dist.init_process_group("gloo")


def test_gpu_as_a_number_of_processes_is_one_for_each(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 4)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    assert determine_local_world_size("gpu") == 4


def test_the_gpus_of_a_machine_are_numbered_from_0(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert torch.cuda._parse_visible_devices()[:3] == [0, 1, 2]


def test_the_rank_of_a_process_on_a_machine_is_not_fixed():
    words = " ".join(run.__doc__.split())
    assert "``RANK`` is NOT stable. Between restarts, the local workers" in words


def test_gpu_does_not_count_those_of_intel_and_xpu_does(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.xpu, "is_available", lambda: True)
    monkeypatch.setattr(torch.xpu, "device_count", lambda: 3)
    assert determine_local_world_size("xpu") == 3
    with pytest.raises(ValueError, match="Cuda is not available"):
        determine_local_world_size("gpu")


READ = {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "localhost", "MASTER_PORT": "0"}


@pytest.mark.parametrize("name", READ)
def test_each_variable_without_local_in_its_name_is_read(name, monkeypatch):
    for one in NAMES:
        monkeypatch.delenv(one, raising=False)
    for one, value in READ.items():
        if one != name:
            monkeypatch.setenv(one, value)
    with pytest.raises(ValueError, match=f"{name} expected, but not set"):
        dist.init_process_group("gloo")


def test_init_process_group_needs_neither_of_the_two_with_local(monkeypatch):
    for one in NAMES:
        monkeypatch.delenv(one, raising=False)
    for one, value in READ.items():
        monkeypatch.setenv(one, value)
    dist.init_process_group("gloo")
    try:
        assert dist.get_rank() == 0 and dist.get_world_size() == 1
    finally:
        dist.destroy_process_group()


# The port


@pytest.fixture
def taken():
    """A port where a program listens that knows nothing of torch."""
    with socket.create_server(("", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("options", [[], ["--standalone"]])
def test_torchrun_asks_for_a_free_port_unless_you_name_one(options, monkeypatch):
    configs = []
    for port in ([], ["--master-port", "4000"]):
        asked = get_args_parser().parse_args([*options, *port, "train.py"])
        launched = []

        def launch(config, entrypoint, launched=launched):
            launched.append(config.rdzv_endpoint)
            return lambda *args: None

        monkeypatch.setattr(run, "elastic_launch", launch)
        run.run(asked)
        configs += launched
    free = "localhost:0"
    assert configs == [free, free if options else "127.0.0.1:4000"]


def test_a_port_that_is_taken_ends_torchrun(tmp_path, taken):
    program = tmp_path / "show.py"
    program.write_text("", encoding="utf-8")
    ended = forked.launch(program, "--master-port", str(taken))
    assert ended.returncode != 0
    assert f"port: {taken}, " in ended.stderr and "name: EADDRINUSE" in ended.stderr


def test_standalone_finds_a_port_that_is_free(tmp_path, taken):
    program = tmp_path / "show.py"
    program.write_text(SHOW.format(names=NAMES), encoding="utf-8")
    ended = forked.torchrun(program, MASTER_PORT=str(taken))
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert int(json.loads(ended.stdout)["MASTER_PORT"]) != taken


def test_the_line_for_several_machines_waits_at_a_port_that_is_taken(tmp_path, taken):
    program = tmp_path / "show.py"
    program.write_text("", encoding="utf-8")
    line = next(row for row in JOINED if "node1:29400" in row)
    words = shlex.split(line)[2:-1]
    options = [w.replace("node1:29400", f"localhost:{taken}") for w in words]
    with pytest.raises(subprocess.TimeoutExpired) as waits:
        forked.launch(program, *options, limit=6)
    assert "EADDRINUSE" not in waits.value.stderr


def test_without_a_device_for_each_process_the_program_stays_on_the_cpu():
    assert torch.accelerator.device_count() < 2  # here
    assert "if torch.accelerator.device_count() >= here" in SNIPPET.read_text()


def test_the_picture_numbers_all_processes_and_those_of_each_machine():
    rows = {0.5: [], 1.5: [], 2.5: []}
    for text, x, y in drawn("distributed/ranks_of_two_machines"):
        if y in rows and text.isdigit():
            rows[y].append((x, int(text)))
    gpu, local, rank = ([number for _, number in sorted(row)] for row in rows.values())
    assert rank == list(range(8)) and local == gpu == [*range(4), *range(4)]
