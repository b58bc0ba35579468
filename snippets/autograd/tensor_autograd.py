import numpy as np
import torch


class Tensor:
    def __init__(self, data, inputs=(), pull=lambda g: ()):
        self.data, self.grad = np.array(data), None
        self.inputs, self.pull = inputs, pull

    def backward(self, gradient=1.0):
        self.grad = gradient if self.grad is None else self.grad + gradient
        for tensor, g in zip(self.inputs, self.pull(gradient), strict=True):
            tensor.backward(g)

    def __add__(self, other):
        def pull(g):  # a repeated row gets the sum of all gradients
            return g, g.sum(axis=0) if other.data.ndim < g.ndim else g

        return Tensor(self.data + other.data, (self, other), pull)

    def __matmul__(self, other):
        def pull(g):
            return g @ other.data.T, self.data.T @ g

        return Tensor(self.data @ other.data, (self, other), pull)

    def tanh(self):
        y = np.tanh(self.data)
        return Tensor(y, (self,), lambda g: (g * (1 - y**2),))

    def square(self):
        return Tensor(self.data**2, (self,), lambda g: (g * 2 * self.data,))

    def mean(self):
        share = np.full_like(self.data, 1 / self.data.size)
        return Tensor(self.data.mean(), (self,), lambda g: (g * share,))


def train(tensor):
    rng, losses = np.random.default_rng(0), []
    x = tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    minus_y = tensor([[0.0], [-1.0], [-1.0], [0.0]])
    w1, b, w2 = (tensor(rng.normal(size=n)) for n in ((2, 8), 8, (8, 1)))
    for _ in range(101):
        loss = ((x @ w1 + b).tanh() @ w2 + minus_y).square().mean()
        loss.backward()
        losses.append(float(loss.data))
        for w in (w1, b, w2):
            w.data -= 0.1 * w.grad
            w.grad = None
    return losses


ours = train(Tensor)
double = {"dtype": torch.float64, "requires_grad": True}
theirs = train(lambda data: torch.tensor(data, **double))
for n in (0, 1, 10, 100):
    print(f"round {n:3}: ours {ours[n]:.4f}, torch {theirs[n]:.4f}")
print("largest difference below 1e-12:", np.allclose(ours, theirs, 0, 1e-12))
