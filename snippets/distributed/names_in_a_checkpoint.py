import tempfile

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp

store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
with tempfile.TemporaryDirectory() as folder:
    dcp.save({"model": {"w": torch.ones(2)}}, checkpoint_id=folder)
    reader = dcp.FileSystemReader(folder)
    print("saved:", *reader.read_metadata().state_dict_metadata)
    try:
        dcp.load({"net": {"w": torch.zeros(2)}}, checkpoint_id=folder)
    except dcp.CheckpointException as error:
        print(str(error).splitlines()[-1])
dist.destroy_process_group()
