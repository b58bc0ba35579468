import torch

discount = 0.9
reward = torch.ones(10)  # one in each of ten steps of an episode
terminated = torch.zeros(10)  # the game itself has no end
truncated = torch.zeros(10)
truncated[-1] = 1  # but the time limit stops it

for name, end in {
    "terminated or truncated": terminated + truncated,
    "terminated alone": terminated,
}.items():
    value = torch.zeros(1)  # of the only state
    for _ in range(500):
        target = reward + discount * (1 - end) * value
        value = target.mean()  # where the squared loss is smallest
    print(f"{name:24} {value:.2f}")
print(f"{'1 / (1 - discount)':24} {1 / (1 - discount):.2f}")
