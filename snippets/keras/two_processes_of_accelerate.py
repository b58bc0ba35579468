# needs: accelerate
# run: torchrun --nproc-per-node 2
# takes: 20 s
import torch
from accelerate import Accelerator
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader

accelerator = Accelerator(cpu=True)
batches = accelerator.prepare(DataLoader(torch.arange(10), batch_size=4))
sizes, gathered, for_metrics = [], [], []
for batch in batches:
    sizes.append(len(batch))
    gathered += accelerator.gather(batch).tolist()
    for_metrics += accelerator.gather_for_metrics(batch).tolist()
late = accelerator.gather_for_metrics(batch).tolist()  # after the loop

optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=1.0)
scheduler = StepLR(optimizer, step_size=1, gamma=0.5)  # halves the rate
optimizer, scheduler = accelerator.prepare(optimizer, scheduler)
optimizer.step()
scheduler.step()

accelerator.print("batches of each process:", sizes)
accelerator.print("gather:            ", gathered)
accelerator.print("gather_for_metrics:", for_metrics)
accelerator.print("after the loop:    ", late)
accelerator.print("rate after one step:", *scheduler.get_last_lr())
accelerator.end_training()
