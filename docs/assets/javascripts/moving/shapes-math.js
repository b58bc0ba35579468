// The shape that an operation of PyTorch makes, or its error, word by word.

const count = sizes => sizes.reduce((a, b) => a * b, 1)
const list = sizes => `[${sizes.join(", ")}]`

export class Refused extends Error {
  // `clash`: pairs of the operand, 0 or 1, and its dimension.
  constructor(message, clash = []) {
    super(message)
    this.clash = clash
  }
}

// As infer_size of ATen: from the last dimension to the first.
export function broadcast(a, b) {
  const dims = Math.max(a.length, b.length)
  const shape = []
  for (let at = dims - 1; at >= 0; at--) {
    const [i, j] = [at - dims + a.length, at - dims + b.length]
    const [m, n] = [a[i] ?? 1, b[j] ?? 1]
    if (m !== n && m !== 1 && n !== 1) {
      const what = `The size of tensor a (${m}) must match the size of tensor b (${n})`
      const clash = [
        [0, i],
        [1, j],
      ]
      throw new Refused(`${what} at non-singleton dimension ${at}`, clash)
    }
    shape.unshift(m === 1 ? n : m)
  }
  return shape
}

export function matmul(a, b) {
  const [m, n] = [a.length, b.length]
  if (!m || !n) {
    const what = `both arguments to matmul need to be at least 1D, but they are ${m}D and ${n}D`
    throw new Refused(what)
  }
  const [rows, k] = m === 1 ? [1, a[0]] : a.slice(-2)
  const [inner, columns] = n === 1 ? [b[0], 1] : b.slice(-2)
  const clash = [
    [0, m - 1],
    [1, Math.max(n - 2, 0)],
  ]
  const refuse = what => {
    throw new Refused(what, clash)
  }
  const [batchA, batchB] = [a.slice(0, -2), b.slice(0, -2)]
  let batch
  if (n <= 2) {
    // All rows of `a` are one matrix then.
    const all = count(a.slice(0, -1))
    if (k !== inner) {
      if (n === 2)
        refuse(`mat1 and mat2 shapes cannot be multiplied (${all}x${k} and ${b.join("x")})`)
      if (m > 1)
        refuse(`size mismatch, got input (${all}), mat (${all}x${k}), vec (${inner})`)
      const sizes = `expected tensor ${list(a)} and src ${list(b)} to have the same number of elements`
      refuse(
        `inconsistent tensor size, ${sizes}, but got ${k} and ${inner} elements respectively`,
      )
    }
    batch = batchA
  } else {
    batch = broadcast(batchA, batchB)
    if (k !== inner) {
      const all = count(batch)
      // Of one row each, ATen makes one matrix of all, and turns the product round.
      if (m === 1 && inner === 1)
        refuse(
          `size mismatch, got input (${all * columns}), mat (${all * columns}x1), vec (${k})`,
        )
      const what = "Expected size for first two dimensions of batch2 tensor to be"
      refuse(`${what}: [${all}, ${k}] but got: [${all}, ${inner}].`)
    }
  }
  return [...batch, ...(m === 1 ? [] : [rows]), ...(n === 1 ? [] : [columns])]
}

// nn.Linear(inputs, outputs)(x)
export function linear(x, { inputs, outputs }) {
  const last = x.at(-1)
  if (last !== inputs) {
    const sizes = `${count(x.slice(0, -1))}x${last} and ${inputs}x${outputs}`
    const clash = [[0, x.length - 1], ["inputs"]]
    throw new Refused(`mat1 and mat2 shapes cannot be multiplied (${sizes})`, clash)
  }
  return [...x.slice(0, -1), outputs]
}

// nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation)(x)
export function conv2d(x, { inputs, outputs, kernel, stride, padding, dilation }) {
  if (x.length !== 3 && x.length !== 4) {
    const kinds = "Expected 3D (unbatched) or 4D (batched) input to conv2d"
    throw new Refused(`${kinds}, but got input of size: ${list(x)}`)
  }
  const input = x.length === 3 ? [1, ...x] : x
  const given = input[1]
  if (given !== inputs) {
    const weight = list([outputs, inputs, kernel, kernel])
    const what = `Given groups=1, weight of size ${weight}, expected input${list(input)}`
    const words = `to have ${inputs} channels, but got ${given} channels instead`
    throw new Refused(`${what} ${words}`, [[0, x.length - 3], ["inputs"]])
  }
  const reach = dilation * (kernel - 1) + 1
  const padded = input.slice(2).map(side => side + 2 * padding)
  if (padded.some(side => side < reach)) {
    const sizes = `Calculated padded input size per channel: (${padded.join(" x ")}).`
    const why = "Kernel size can't be greater than actual input size"
    const clash = [2, 1].filter(i => padded.at(-i) < reach).map(i => [0, x.length - i])
    throw new Refused(`${sizes} Kernel size: (${reach} x ${reach}). ${why}`, [
      ...clash,
      ["kernel"],
    ])
  }
  const sides = padded.map(side => Math.floor((side - reach) / stride) + 1)
  return [...x.slice(0, -3), outputs, ...sides]
}

const CALLS = { add: broadcast, matmul, linear, conv2d }

// {shape}, or {error, clash}: `other` is a shape, or the sizes of a layer.
export function result(name, a, other) {
  try {
    return { shape: CALLS[name](a, other) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { error: `RuntimeError: ${error.message}`, clash: error.clash }
  }
}
