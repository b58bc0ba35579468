import builtins
import sys
import weakref

import torch

x = torch.ones(3)
alive = weakref.ref(x)
sys.displayhook(x)  # what Python does with the result of a line
del x
print("after del x:", alive() is not None)
builtins._ = None
print("after _ = None:", alive() is not None)
