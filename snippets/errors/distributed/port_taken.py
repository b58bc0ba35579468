# raises: torch.distributed.DistNetworkError
import torch.distributed as dist

other = dist.TCPStore("127.0.0.1", 29500, is_master=True)  # it listens
address = "tcp://127.0.0.1:29500"
dist.init_process_group("gloo", address, rank=0, world_size=1)
