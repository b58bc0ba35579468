# raises: torch._inductor.exc.InductorError
# takes: 30 s
import torch
from torch._inductor import config

with config.patch({"cpp.cxx": (None, "g++-that-is-not-there")}):
    torch.compile(torch.sin)(torch.ones(2))
