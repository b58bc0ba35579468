# raises: torch.distributed.DistNetworkError
import torch.distributed as dist

other = dist.TCPStore("127.0.0.1", 0, is_master=True)  # 0: any free port
port = other.port  # the other one listens there
try:
    address = f"tcp://127.0.0.1:{port}"
    dist.init_process_group("gloo", address, rank=0, world_size=1)
except dist.DistNetworkError as error:  # less the port, which changes
    text = str(error).replace(str(port), "…")
    raise dist.DistNetworkError(text) from None
