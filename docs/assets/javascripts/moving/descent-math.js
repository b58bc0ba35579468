// What an optimizer makes of a weight, step by step: the loss is (w - 3) ** 2.

export const loss = w => (w - 3) ** 2
export const slope = w => 2 * (w - 3)

// As torch.optim.SGD.
function sgd(w, steps, { lr, momentum }) {
  const path = [w]
  let velocity = 0
  for (let step = 0; step < steps; step++) {
    velocity = momentum * velocity + slope(w)
    w -= lr * velocity
    path.push(w)
  }
  return path
}

// As torch.optim.Adam, with its usual betas and eps.
function adam(w, steps, { lr }) {
  const path = [w]
  const [beta1, beta2, eps] = [0.9, 0.999, 1e-8]
  let [mean, square] = [0, 0]
  for (let step = 1; step <= steps; step++) {
    const g = slope(w)
    mean = beta1 * mean + (1 - beta1) * g
    square = beta2 * square + (1 - beta2) * g * g
    const root = Math.sqrt(square) / Math.sqrt(1 - beta2 ** step) + eps
    w -= ((lr / (1 - beta1 ** step)) * mean) / root
    path.push(w)
  }
  return path
}

export const descend = (optimizer, w, steps, options) =>
  (optimizer === "Adam" ? adam : sgd)(w, steps, options)
