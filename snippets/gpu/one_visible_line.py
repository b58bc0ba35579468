import torch

device = torch.accelerator.current_accelerator(
    check_available=True
) or torch.device("cpu")
gpu = torch.accelerator.is_available()
wait = torch.accelerator.synchronize if gpu else (lambda: None)
held = torch.accelerator.memory_allocated if gpu else (lambda: 0)

before = held()
x = torch.ones(256, device=device)  # 1024 bytes
wait()
print("bytes more:", held() - before)
