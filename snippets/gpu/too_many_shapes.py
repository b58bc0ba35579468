# raises: torch._dynamo.exc.FailOnRecompileLimitHit
# takes: 20 s
import logging

import torch

logging.disable(logging.WARNING)  # it would print paths of this machine
options = {"backend": "eager", "dynamic": False}
f = torch.compile(lambda x: x * 2, fullgraph=True, **options)
for size in range(2, 20):
    f(torch.ones(size))
    print("done:", size)
