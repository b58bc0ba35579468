// What autograd does with numbers: values forward, then slopes back.

// Of each operation its value, and how fast that changes with each input.
const OPERATIONS = {
  add: [(a, b) => a + b, () => [1, 1]],
  sub: [(a, b) => a - b, () => [1, -1]],
  mul: [(a, b) => a * b, (_, a, b) => [b, a]],
  square: [a => a * a, (_, a) => [2 * a]],
  relu: [a => Math.max(a, 0), (_, a) => [a > 0 ? 1 : 0]],
  tanh: [a => Math.tanh(a), y => [1 - y * y]],
  exp: [a => Math.exp(a), y => [y]],
  sigmoid: [a => 1 / (1 + Math.exp(-a)), y => [y * (1 - y)]],
}

// `nodes`: [operation, ...inputs], each after its inputs; a number is a leaf's value.
export function forward(nodes) {
  const values = []
  for (const node of nodes) {
    if (typeof node === "number") values.push(node)
    else values.push(OPERATIONS[node[0]][0](...node.slice(1).map(i => values[i])))
  }
  return values
}

// From the last node to the first: the gradients, and what each node passes on:
// {from, passed: [{to, slope, amount}]}. `steps` may end the way early.
export function backward(nodes, values, steps = nodes.length) {
  const gradients = nodes.map(() => 0)
  gradients[nodes.length - 1] = 1
  const sent = []
  for (let from = nodes.length - 1; from >= 0 && sent.length < steps; from--) {
    if (typeof nodes[from] === "number") continue
    const [name, ...inputs] = nodes[from]
    const slopes = OPERATIONS[name][1](values[from], ...inputs.map(i => values[i]))
    const passed = inputs.map((to, i) => {
      const amount = gradients[from] * slopes[i]
      return { to, slope: slopes[i], amount }
    })
    for (const { to, amount } of passed) gradients[to] += amount
    sent.push({ from, passed })
  }
  return { gradients, sent }
}

export function both(nodes) {
  const values = forward(nodes)
  return { values, gradients: backward(nodes, values).gradients }
}
