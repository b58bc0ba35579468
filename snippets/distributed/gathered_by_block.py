# figure: Two panels of squares, eight blocks over sixteen moments of a step.
#    Split as a whole, all eight blocks are whole at every moment. Split by
#    block, the squares form a roof: one block is whole at each moment.
import matplotlib.pyplot as plt
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor


class Block(nn.Linear):
    def forward(self, x):
        look()
        hidden = super().forward(x)
        hidden.register_hook(look)  # in backward
        return hidden.tanh()


def look(gradient=None):  # which blocks are whole now?
    kinds = [isinstance(block.weight, DTensor) for block in model]
    moments.append([i for i, split in enumerate(kinds, 1) if not split])


store = dist.HashStore()  # a group of one process, for trying out
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
fig, axes = plt.subplots(1, 2, figsize=(5.4, 2.4), sharey=True)
for color, ax in zip(("C1", "C0"), axes, strict=True):
    model, moments = nn.Sequential(*[Block(64, 64) for _ in range(8)]), []
    for module in [*(model if color == "C0" else []), model]:
        fully_shard(module, mesh=dist.init_device_mesh("cpu", (1,)))
    model(torch.ones(1, 64)).sum().backward()
    for x, whole in enumerate(moments, 1):
        ax.plot([x] * len(whole), whole, "s", color=color, markersize=7)
    ax.axvline(8.5, color="0.5", lw=1)
    ax.set(xlabel="forward | backward", xticks=[], yticks=[1, 8])
axes[0].set(ylabel="block", title="the model only")
axes[1].set(title="each block, then the model")
fig.savefig("gathered_by_block.svg")
