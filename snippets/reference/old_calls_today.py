import warnings

import torch
from torch import nn, optim

F, Variable = nn.functional, torch.autograd.Variable
x, w = torch.eye(2), nn.Linear(2, 2)
optimizer = optim.SGD(w.parameters(), lr=0.1)
calls = """Variable(x)
F.sigmoid(x)
x.new(2, 2)
torch.FloatTensor([1, 2])
Variable(x, volatile=True)
torch.cuda.amp.autocast(enabled=False)
torch.jit.script(w)
x[None].T
F.softmax(x)
F.mse_loss(x, x, size_average=False)
torch.qr(x)
torch.range(0, 3)
torch.meshgrid(x[0], x[1])
nn.init.xavier_uniform(w.weight)
torch.set_default_tensor_type("torch.FloatTensor")
torch.symeig(x)
torch.solve(x, x)
torch.stft(x[0], 2, window=x[0])
torch.rfft(x, 1)
1 - (x > 0)
torch.ones(2, names=["row"])
optim.lr_scheduler.StepLR(optimizer, 1, verbose=True)"""

for call in calls.splitlines():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            eval(call)
            outcome = caught[0].category.__name__ if caught else "runs"
        except Exception as error:
            outcome = type(error).__name__
    print(f"{outcome:20}{call}")
