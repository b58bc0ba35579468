# needs: tqdm
import io

import torch
from tqdm.auto import tqdm

w = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.25)
screen = io.StringIO()  # in your program: without file, ascii, bar_format
bar_format = "{percentage:.0f}% |{bar:20}| {n} of {total}{postfix}"
bar = tqdm(range(3), file=screen, ascii=" #", bar_format=bar_format)
for _ in bar:
    loss = ((w - 1) ** 2).sum()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    bar.set_postfix(loss=f"{loss.item():.3f}")
print(screen.getvalue().strip().split("\r")[-1])
