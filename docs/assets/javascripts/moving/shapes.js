// Shapes to play with: which fit, what comes out, and what PyTorch says if they do not.

import { button, choice, element, program, row, status, whole, write } from "./kit.js"
import { result } from "./shapes-math.js"

const MOST = 4 // dimensions

const OPERATIONS = {
  add: {
    text: "a + b (broadcasting)",
    shapes: [[3, 1], [4]],
    tip: "change the 1 of `a` to 2. Why does it fail now?",
  },
  matmul: {
    text: "a @ b (matrix product)",
    shapes: [
      [2, 3],
      [3, 4],
    ],
    tip: "change the first size of `b`. Which two sizes must be equal?",
  },
  linear: {
    text: "nn.Linear",
    shapes: [[2, 5, 3]],
    layer: { inputs: 3, outputs: 6 },
    tip: "change sizes of `x` one after the other. Only one of them can fail.",
  },
  conv2d: {
    text: "nn.Conv2d",
    shapes: [[2, 3, 28, 28]],
    layer: { inputs: 3, outputs: 8, kernel: 3, stride: 1, padding: 0, dilation: 1 },
    tip: "set the padding to 1, then the stride to 2. What happens to 28?",
  },
}
const FIELDS = {
  inputs: { linear: "in_features", conv2d: "in_channels", min: 1, max: 999 },
  outputs: { linear: "out_features", conv2d: "out_channels", min: 1, max: 999 },
  kernel: { conv2d: "kernel_size", min: 1, max: 31 },
  stride: { conv2d: "stride", min: 1, max: 16 },
  padding: { conv2d: "padding", min: 0, max: 16 },
  dilation: { conv2d: "dilation", min: 1, max: 16 },
}

const tuple = shape => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`
const ones = shape => `torch.ones(${shape.join(", ") || "()"})`

// One operand: a name, its sizes in columns from the right, and two buttons.
function operand(name, changed) {
  let dims = 1
  const slots = Array.from({ length: MOST }, () => {
    const input = whole("", { min: 1, max: 999, value: 1 }, changed)
    return { input, missing: element("span", { className: "moving-size missing" }, "1") }
  })
  const turn = by => {
    dims += by
    refresh()
    changed()
  }
  const fewer = button("−", `${name}: remove the first dimension`, () => turn(-1))
  const more = button("+", `${name}: add a dimension in front`, () => turn(1))
  const refresh = () => {
    fewer.disabled = dims === 1
    more.disabled = dims === MOST
    slots.forEach(({ input }, at) => {
      input.hidden = at < MOST - dims
      input.setAttribute("aria-label", `${name}, dimension ${at - MOST + dims}`)
    })
  }
  const cells = slots.map(({ input, missing }) => element("div", {}, input, missing))
  const buttons = element("span", { className: "moving-buttons" }, "dimension", fewer, more)
  return {
    nodes: [element("b", {}, name), ...cells, buttons],
    shape: () => slots.slice(MOST - dims).map(({ input }) => input.now()),
    set(shape) {
      dims = shape.length
      slots.forEach(({ input }, at) => input.set(shape[at - MOST + dims] ?? 1))
      refresh()
    },
    // `clash` and `stretched`: dimensions; `lined`: how many count as 1 where none is.
    mark(clash, stretched, lined) {
      slots.forEach(({ input, missing }, at) => {
        const dim = at - MOST + dims
        input.classList.toggle("clash", clash.includes(dim))
        input.classList.toggle("stretched", stretched.includes(dim))
        missing.hidden = dim >= 0 || at < MOST - lined
      })
    },
  }
}

export function picture(box, start = "add") {
  let name = start
  const tip = element("p", { className: "moving-try" })
  const said = status()
  const shown = program()
  const operands = [0, 1].map(() => null)
  const results = Array.from({ length: MOST }, () =>
    element("span", { className: "moving-size" }),
  )
  const grid = element("div", { className: "moving-shapes" })
  const fields = row()
  const inputs = {}

  function choose(chosen) {
    name = chosen
    const { shapes, layer, tip: words } = OPERATIONS[name]
    const parts = words.split("`")
    tip.replaceChildren(...parts.map((one, i) => (i % 2 ? element("code", {}, one) : one)))
    grid.replaceChildren()
    shapes.forEach((shape, i) => {
      operands[i] = operand(layer ? "x" : "ab"[i], update)
      operands[i].set(shape)
      grid.append(...operands[i].nodes)
    })
    grid.append(element("b", {}, "="), ...results, element("span"))
    fields.replaceChildren()
    for (const [key, value] of Object.entries(layer ?? {})) {
      const { min, max, [name]: words } = FIELDS[key]
      inputs[key] = whole(words, { min, max, value }, update)
      fields.append(inputs[key])
    }
    fields.hidden = !layer
    update()
  }

  function update() {
    const { layer } = OPERATIONS[name]
    const a = operands[0].shape()
    const sizes = Object.keys(layer ?? {}).map(key => [key, inputs[key].now()])
    const other = layer ? Object.fromEntries(sizes) : operands[1].shape()
    const found = result(name, a, other)
    mark(a, other, found)
    shown.show(source(a, other), found.error ?? `torch.Size([${found.shape.join(", ")}])`)
    write(said, (found.error ? whyNot : why)(a, other, found))
  }

  function mark(a, other, { shape, clash = [] }) {
    const { layer } = OPERATIONS[name]
    const all = layer ? [a] : [a, other]
    const lined = name === "add" ? Math.max(...all.map(one => one.length)) : 0
    all.forEach((own, i) => {
      const clashing = clash.filter(([which]) => which === i).map(([, dim]) => dim)
      operands[i].mark(clashing, shape && !layer ? repeated(own, shape) : [], lined)
    })
    for (const key of Object.keys(layer ?? {})) {
      const apart = clash.some(([which]) => which === key)
      inputs[key].input.classList.toggle("clash", apart)
    }
    results.forEach((cell, at) => {
      const size = shape?.at(at - MOST)
      write(
        cell,
        shape ? `${shape.length >= MOST - at ? size : ""}` : at === MOST - 1 ? "✗" : "",
      )
      cell.classList.toggle("found", cell.textContent !== "")
    })
  }

  // The dimensions of size 1 that become longer.
  function repeated(own, shape) {
    const ahead = shape.length - own.length
    const grows = own.map((size, i) => size === 1 && shape[i + ahead] > 1)
    const all = [...grows.keys()].filter(i => grows[i])
    return name === "add" ? all : own.length > 2 ? all.filter(i => i < own.length - 2) : []
  }

  function source(a, other) {
    if (name === "add" || name === "matmul") {
      const sign = name === "add" ? "+" : "@"
      return `a = ${ones(a)}\nb = ${ones(other)}\nprint((a ${sign} b).shape)`
    }
    const { inputs, outputs, ...rest } = other
    const kernel = name === "conv2d" ? [rest.kernel] : []
    const more = ["stride", "padding", "dilation"]
      .filter(key => key in rest && rest[key] !== OPERATIONS.conv2d.layer[key])
      .map(key => `${key}=${rest[key]}`)
    const layer = name === "linear" ? "nn.Linear" : "nn.Conv2d"
    const given = [inputs, outputs, ...kernel, ...more].join(", ")
    return `x = ${ones(a)}\nlayer = ${layer}(${given})\nprint(layer(x).shape)`
  }

  function why(a, other, { shape }) {
    if (name === "add") {
      const parts = [a, other].flatMap((own, i) =>
        repeated(own, shape).map(dim => {
          const times = shape[dim + shape.length - own.length]
          return `dimension ${dim} of ${"ab"[i]}, of size 1, is repeated ${times} times`
        }),
      )
      const missing = [a, other].findIndex(own => own.length < shape.length)
      const short =
        missing < 0 ? [] : [`a missing dimension of ${"ab"[missing]} counts as 1`]
      const all = [...short, ...parts].join("; ") || "each size has an equal one"
      return `The shapes fit, and the result is ${tuple(shape)}: ${all}.`
    }
    if (name === "matmul") {
      const batch = Math.max(a.length, other.length) > 2
      const rest = batch ? " The dimensions before the last two are broadcast." : ""
      return `The shapes fit, and the result is ${tuple(shape)}: the two ${a.at(-1)} that meet are summed over, and go.${rest}`
    }
    if (name === "linear")
      return `It fits, and the result is ${tuple(shape)}: only the last size changes, from ${other.inputs} to ${other.outputs}.`
    const { kernel, stride, padding, dilation } = other
    const reach = dilation === 1 ? kernel : `${dilation}·${kernel - 1} − 1`
    const over = stride === 1 ? "" : ` // ${stride}`
    const rule = `${a.at(-2)} + 2·${padding} − ${reach}`
    const height = `${over ? `(${rule})` : rule}${over} + 1 = ${shape.at(-2)}`
    return `It fits, and the result is ${tuple(shape)}. Height: ${height}; the width is calculated in the same way.`
  }

  function whyNot(a, other, { error, clash }) {
    const [first, second] = clash
    if (!clash.length)
      return `It fails: x needs 3 dimensions (one image) or 4 (a batch), and has ${a.length}.`
    if (name === "conv2d" && second?.[0] !== "inputs")
      return "It fails: the padded image is smaller than the kernel. More padding or a smaller kernel helps."
    const sizes = name === "linear" || name === "conv2d" ? { inputs: other.inputs } : {}
    const m = a[first[1]]
    const n = second[0] === "inputs" ? sizes.inputs : other[second[1]]
    if (name === "linear")
      return `It fails: the last size of x is ${m}, and in_features is ${n}. They must be equal.`
    if (name === "conv2d")
      return `It fails: the third size of x from the right is ${m}, and in_channels is ${n}. They must be equal.`
    if (error.includes("non-singleton"))
      return `It fails: lined up at the right, ${m} stands above ${n}. Two sizes fit if they are equal, or if one of them is 1 or missing.`
    return `It fails: the last size of a is ${m}, and the size of b that meets it is ${n}. They must be equal.`
  }

  const options = Object.entries(OPERATIONS).map(([key, { text }]) => [key, text])
  box.setAttribute("aria-label", "Shapes to change")
  box.append(
    tip,
    row(choice("Operation", options, start, choose)),
    fields,
    grid,
    said,
    shown,
  )
  choose(start)
}
