# run: torchrun --nproc-per-node 2
import torch
import torch.distributed as dist

dist.init_process_group("gloo")
rank, world_size = dist.get_rank(), dist.get_world_size()

x = torch.tensor([1.0, 10.0]) * (rank + 1)
own = x.tolist()
dist.all_reduce(x)  # in place: the sum over all processes

lines = [None] * world_size
text = f"rank {rank} of {world_size}: had {own}, has {x.tolist()}"
dist.all_gather_object(lines, text)
if rank == 0:
    print("\n".join(lines))
dist.destroy_process_group()
