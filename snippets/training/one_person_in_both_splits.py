import torch

torch.manual_seed(0)
person = torch.arange(200).repeat_interleave(5)  # 5 rows each
ill = torch.randint(2, (200,))[person]  # by tossing a coin
face = torch.randn(200, 16)[person]  # what is typical of a person
x = face + 0.3 * torch.randn(1000, 16)


def accuracy(valid):
    distance = torch.cdist(x[valid], x[~valid])
    nearest = distance.argmin(dim=1)  # the most similar training row
    return (ill[~valid][nearest] == ill[valid]).float().mean()


rows = torch.randperm(1000)[:200]
people = torch.randperm(200)[:40]
by_row = torch.isin(torch.arange(1000), rows)
by_person = torch.isin(person, people)
print(f"split by row:    {accuracy(by_row):.2f}")
print(f"split by person: {accuracy(by_person):.2f}")
