# run: torchrun --nproc-per-node 2
import torch
import torch.distributed as dist

dist.init_process_group("gloo")
rank = dist.get_rank()
for step in range(10):
    enough = rank == 1 and step == 3  # only rank 1 finds that it is enough
    stop = torch.tensor(int(enough))
    dist.all_reduce(stop, op=dist.ReduceOp.MAX)
    if stop:
        break

lines = [None] * dist.get_world_size()
dist.all_gather_object(lines, f"rank {rank} stopped in step {step}")
if rank == 0:
    print("\n".join(lines))
dist.destroy_process_group()
