# needs: accelerate
# takes: 20 s
# raises: ValueError
from accelerate import Accelerator

first = Accelerator(cpu=True)
second = Accelerator(cpu=True)  # the same settings: allowed
print(second.mixed_precision)
Accelerator(cpu=True, mixed_precision="bf16")
