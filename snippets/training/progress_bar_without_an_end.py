# needs: tqdm
import io

import torch
from tqdm import tqdm


def last(wrap):
    screen = io.StringIO()  # in place of the terminal
    fixed = {"bar_format": "{l_bar}{bar:10} {n_fmt}/{total_fmt}{postfix}"}
    bar = wrap(lambda each: tqdm(each, file=screen, ascii=True, **fixed))
    for _ in bar:
        pass
    return screen.getvalue().split("\r")[-1].strip()


losses = [torch.tensor(0.5, requires_grad=True) * 3 for _ in range(4)]
print("tqdm(enumerate(...)):", last(lambda tqdm: tqdm(enumerate(losses))))
print("enumerate(tqdm(...)):", last(lambda tqdm: enumerate(tqdm(losses))))

bar = tqdm(losses, file=io.StringIO(), ascii=True)
for value in (losses[0], losses[0].item()):
    bar.set_postfix(loss=value)
    print(bar.postfix)
