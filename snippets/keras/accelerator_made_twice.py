# needs: accelerate
# takes: 20 s
# raises: ValueError
from accelerate import Accelerator

first = Accelerator(cpu=True)
second = Accelerator(cpu=True)  # the same settings: allowed
print(second.mixed_precision)
Accelerator(cpu=True, gradient_accumulation_steps=4)  # no error
print(first.gradient_accumulation_steps)
Accelerator(cpu=True, mixed_precision="bf16")
