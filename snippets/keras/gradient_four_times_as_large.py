# needs: accelerate
# takes: 20 s
import torch
from accelerate import Accelerator
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader

accelerator = Accelerator(cpu=True, gradient_accumulation_steps=4)


def gradients(backward):
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.ones_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    batches = DataLoader(torch.ones(6, 1), 1)  # 4 batches, then 2
    parts = accelerator.prepare(model, optimizer, batches)
    model, optimizer, batches = parts
    found = []
    for x in batches:
        with accelerator.accumulate(model):
            backward(mse_loss(model(x), 0 * x))  # gradient 2
            if accelerator.sync_gradients:
                found.append(model.weight.grad.item())
            optimizer.step()
            optimizer.zero_grad()
    return found


print("accelerator.backward(loss):", gradients(accelerator.backward))
print("loss.backward():           ", gradients(torch.Tensor.backward))
