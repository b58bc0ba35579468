import torch.distributed as dist

other = dist.TCPStore("127.0.0.1", 0, is_master=True)
address = "tcp://127.0.0.1:0"  # 0: any port that is free
dist.init_process_group("gloo", address, rank=0, world_size=1)
print("processes:", dist.get_world_size())
dist.destroy_process_group()
