import torch

calls = ["is_available", "device_count", "current_accelerator"]
calls += ["synchronize", "memory_allocated", "max_memory_allocated"]
calls += ["empty_cache", "current_device_index", "get_memory_info"]
for name in calls:
    try:
        answer = getattr(torch.accelerator, name)()
        print(f"{name:20}  {answer}")
    except RuntimeError:
        print(f"{name:20}  raises")
