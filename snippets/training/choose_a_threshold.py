import torch

torch.manual_seed(0)


def samples(n):
    y = torch.rand(n) < 0.1
    return torch.sigmoid(torch.randn(n) + 2 * y - 3), y


def f1(alarm, y):
    return 2 * (alarm & y).sum() / (alarm.sum() + y.sum())


def cost(alarm, y):  # a missed case costs as much as 20 false alarms
    return 20 * (y & ~alarm).sum() + (alarm & ~y).sum()


(scores, y), (test, test_y) = samples(2000), samples(2000)
places = scores.unique()
alarms = scores >= places[:, None]  # a row for each threshold
best = {
    "0.5": torch.tensor(0.5),
    "best F1": places[torch.stack([f1(a, y) for a in alarms]).argmax()],
    "least cost": places[torch.stack([cost(a, y) for a in alarms]).argmin()],
}
for name, t in best.items():
    alarm = test >= t
    print(f"{name:10} {t:.2f}: F1 {f1(alarm, test_y):.2f}, ", end="")
    print(f"cost {cost(alarm, test_y)}")
