import torch.distributed as dist

other = dist.TCPStore("127.0.0.1", 0, is_master=True)  # 0: any free port
store = dist.TCPStore("127.0.0.1", 0, is_master=True)
dist.init_process_group("gloo", store=store, rank=0, world_size=1)
print("another port:", store.port != other.port)
dist.destroy_process_group()
