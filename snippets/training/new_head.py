from torch import nn

old = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 10))
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

saved = old.state_dict()
sizes = {name: value.shape for name, value in model.state_dict().items()}
fits = {k: v for k, v in saved.items() if v.shape == sizes.get(k)}
report = model.load_state_dict(fits, strict=False)
print("missing:", report.missing_keys)
print("unexpected:", report.unexpected_keys)
