import torch

train = torch.tensor([[9.1, 48], [torch.nan, 73], [8.7, 47]])
valid = torch.tensor([[torch.nan, 70.0]])

mean = train.nanmean(dim=0)  # of the training rows only
for x in (train, valid):
    missing = x.isnan()
    filled = torch.where(missing, mean, x)
    extra = missing[:, :1]  # 1 where the first column was empty
    print(torch.cat([filled, extra], dim=1))
