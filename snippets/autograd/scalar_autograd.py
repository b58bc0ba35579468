import torch


class Scalar:
    def __init__(self, value, inputs=(), slopes=()):
        self.value, self.grad = value, 0.0
        self.inputs, self.slopes = inputs, slopes

    def __add__(self, other):
        return Scalar(self.value + other.value, (self, other), (1, 1))

    def __mul__(self, other):
        slopes = (other.value, self.value)
        return Scalar(self.value * other.value, (self, other), slopes)

    def relu(self):
        return Scalar(max(self.value, 0), (self,), (float(self.value > 0),))

    def backward(self):
        order = []  # each scalar after its inputs

        def visit(scalar):
            if scalar not in order:
                for below in scalar.inputs:
                    visit(below)
                order.append(scalar)

        visit(self)
        self.grad = 1.0
        for scalar in reversed(order):
            pairs = zip(scalar.inputs, scalar.slopes, strict=True)
            for below, slope in pairs:
                below.grad += scalar.grad * slope


def gradients(a, b):
    loss = (a * b + a).relu() * a
    loss.backward()
    return a.grad, b.grad


ours = gradients(Scalar(3.0), Scalar(2.0))
a, b = (torch.tensor(v, requires_grad=True) for v in (3.0, 2.0))
print("ours ", *ours)
print("torch", *(grad.item() for grad in gradients(a, b)))
