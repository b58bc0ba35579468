// What one training step keeps in memory, in bytes.

export const SIZES = { float32: 4, bfloat16: 2 }
// How many numbers each optimizer keeps for a weight, and whether it counts its steps,
// by a float32 for each tensor.
export const OPTIMIZERS = {
  SGD: [0, false],
  "SGD, momentum": [1, false],
  Adam: [2, true],
}

// `layers` times Linear(width, width) and ReLU, the mean of which is the loss.
export function budget({ layers, width, batch, optimizer, dtype }) {
  const size = SIZES[dtype]
  const weights = layers * (width * width + width) * size
  const [kept, counts] = OPTIMIZERS[optimizer]
  const state = kept * weights + (counts ? 2 * layers * 4 : 0)
  // The data, and what each ReLU returns: the next layer's input is the same memory.
  const saved = (layers + 1) * batch * width * size
  return { weights, gradients: weights, state, saved }
}
