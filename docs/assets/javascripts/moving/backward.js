// Autograd step by step: values go forward, then slopes come back.

import { button, choice, element, range, row, status, svg, write } from "./kit.js"
import { backward, forward } from "./backward-math.js"

// Nodes as backward-math.js has them; of each, a text and a place: column and row. What
// has no gradient, as it is no weight, is "fixed".
const EXAMPLES = {
  loss: {
    code: "(2 * w - 6) ** 2",
    nodes: [1, 2, ["mul", 1, 0], 6, ["sub", 2, 3], ["square", 4]],
    texts: ["w", "2", "double", "6", "gap", "loss"],
    signs: { 2: "2 · w", 4: "double − 6", 5: "gap²" },
    places: [[0, 0], null, [0, 1], null, [0, 2], [0, 3]],
    leaves: { 0: [-3, 6] },
    tip: "go through all steps, then set w to 3. Which gradient do you expect?",
  },
  fork: {
    code: "relu(a * b + a) * a",
    nodes: [3, 2, ["mul", 0, 1], ["add", 2, 0], ["relu", 3], ["mul", 4, 0]],
    texts: ["a", "b", "product", "sum", "r", "out"],
    signs: { 2: "a · b", 3: "product + a", 4: "relu(sum)", 5: "r · a" },
    places: [
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
    ],
    leaves: { 0: [-4, 4], 1: [-4, 4] },
    tip: "step to the end, then make b −2. Why does relu let nothing pass?",
  },
  neuron: {
    code: "(tanh(w * x + b) - y) ** 2",
    nodes: [
      0.5,
      2,
      0,
      1,
      ["mul", 0, 1],
      ["add", 4, 2],
      ["tanh", 5],
      ["sub", 6, 3],
      ["square", 7],
    ],
    texts: ["w", "x", "b", "y", "product", "sum", "t", "gap", "loss"],
    signs: { 4: "w · 2", 5: "product + b", 6: "tanh(sum)", 7: "t − 1", 8: "gap²" },
    places: [[0, 0], null, [1, 0], null, [0, 1], [0, 2], [0, 3], [0, 4], [0, 5]],
    leaves: { 0: [-4, 4], 2: [-4, 4] },
    tip: "set w to −4 and step to the end. The loss is large: why is no gradient left at w?",
  },
}
const [WIDTH, HEIGHT, COLUMN, ROW] = [150, 46, 184, 76]

export const number = value => {
  const rounded = Math.round(value * 1000) / 1000 || 0 // no −0
  return String(rounded).replace("-", "−")
}
const bracketed = value => (value < 0 ? `(${number(value)})` : number(value))

export function picture(box, start = "loss") {
  let example, nodes, step, drawn
  const tip = element("p", { className: "moving-try" })
  const said = status()
  const code = element("code")
  const leaves = row()
  const steps = row()
  const graph = svg("svg", { class: "moving-graph", role: "img" })
  let slider

  const inner = () => [...nodes.keys()].filter(i => Array.isArray(nodes[i]))
  const fixed = i => !example.places[i]

  function choose(name) {
    example = EXAMPLES[name]
    nodes = [...example.nodes]
    step = 0
    write(tip, example.tip)
    write(code, `${example.texts.at(-1)} = ${example.code}`)
    const sliders = Object.entries(example.leaves).map(([i, [min, max]]) =>
      range(
        `${example.texts[i]} =`,
        { min, max, step: 0.5, value: nodes[i] },
        value => {
          nodes[i] = value
          update()
        },
        number,
      ),
    )
    leaves.replaceChildren(...sliders)
    const max = 2 * inner().length
    slider = range(
      "Step",
      { min: 0, max, value: 0 },
      value => {
        step = value
        update()
      },
      value => `${value} of ${max}`,
    )
    const go = by => () => {
      slider.input.value = step + by
      slider.input.dispatchEvent(new Event("input"))
    }
    back = button("← Back", "One step back", go(-1))
    next = Object.assign(button("Next →", "Next step", go(1)), { className: "next" })
    steps.replaceChildren(slider, back, next)
    draw()
    update()
  }
  let back, next

  // Boxes and arrows are made once, and filled step by step.
  function draw() {
    const { places, texts, signs } = example
    const columns = 1 + Math.max(...places.map(place => place?.[0] ?? 0))
    const rows = 1 + Math.max(...places.map(place => place?.[1] ?? 0))
    const [width, height] = [(columns - 1) * COLUMN + WIDTH + 2, (rows - 1) * ROW + HEIGHT]
    graph.setAttribute("viewBox", `-1 -1 ${width} ${height + 2}`)
    graph.style.maxWidth = `${width * 1.2}px`
    const at = i => [places[i][0] * COLUMN, places[i][1] * ROW]
    const arrows = new Map()
    const lines = []
    for (const to of inner()) {
      nodes[to].slice(1).forEach((from, k) => {
        if (fixed(from)) return
        const [[x1, y1], [x2, y2]] = [at(from), at(to)]
        const straight = x1 === x2
        const [fx, fy] = straight
          ? [x1 + WIDTH / 2, y1 + HEIGHT]
          : [x1 + WIDTH / 2 - 30, y1 + HEIGHT]
        const way = x1 < x2 ? 1 : -1 // to the right, or to the left
        const side = way > 0 ? x2 : x2 + WIDTH
        const [tx, ty] = straight ? [x2 + WIDTH / 2, y2] : [side, y2 + HEIGHT / 2]
        const line = svg("path", {
          class: "edge",
          d: straight
            ? `M${fx} ${fy}V${ty}`
            : `M${fx} ${fy}V${ty - 8}Q${fx} ${ty} ${fx + 8 * way} ${ty}H${tx}`,
        })
        const [lx, ly] = straight
          ? [fx + 7, (fy + ty) / 2 + 4]
          : [way > 0 ? fx + 12 : tx + 8, ty - 6]
        const label = svg("text", { class: "slope", x: lx, y: ly })
        lines.push(line, label)
        arrows.set(`${to} ${k}`, { line, label })
      })
    }
    const boxes = nodes.map((_, i) => {
      if (fixed(i)) return null
      const [x, y] = at(i)
      const name = svg("text", { x: 8, y: 18 })
      const value = svg("text", { x: 8, y: 37, class: "value" })
      const gradient = svg("text", {
        x: WIDTH - 8,
        y: 37,
        "text-anchor": "end",
        class: "gradient",
      })
      name.append(signs[i] ? `${texts[i]} = ${signs[i]}` : texts[i])
      const frame = svg("rect", { width: WIDTH, height: HEIGHT, rx: 5 })
      const group = svg(
        "g",
        { transform: `translate(${x} ${y})` },
        frame,
        name,
        value,
        gradient,
      )
      return { group, value, gradient }
    })
    graph.replaceChildren(...lines, ...boxes.filter(Boolean).map(one => one.group))
    drawn = { arrows, boxes }
  }

  function update() {
    const { texts } = example
    const operations = inner()
    const values = forward(nodes)
    const known = Math.min(step, operations.length) // forward steps done
    const reverse = step - operations.length
    const { gradients, sent } = backward(nodes, values, Math.max(reverse, 0))
    const last = reverse > 0 ? sent.at(-1) : null
    const active = last?.from ?? operations[known - 1] ?? -1
    const reached = new Set(sent.flatMap(one => one.passed.map(({ to }) => to)))
    if (reverse >= 0) reached.add(nodes.length - 1)
    drawn.boxes.forEach((one, i) => {
      if (!one) return
      const done = !Array.isArray(nodes[i]) || operations.indexOf(i) < known
      write(one.value, done ? number(values[i]) : "")
      write(one.gradient, reached.has(i) ? `grad ${number(gradients[i])}` : "")
      one.group.classList.toggle("active", i === active)
      one.group.classList.toggle("waits", !done)
    })
    for (const { line, label } of drawn.arrows.values()) {
      line.classList.remove("passes")
      write(label, "")
    }
    for (const { from, passed } of sent)
      passed.forEach(({ slope }, k) => {
        const arrow = drawn.arrows.get(`${from} ${k}`)
        if (!arrow) return
        arrow.line.classList.add("passes")
        write(arrow.label, `· ${bracketed(slope)}`)
      })
    back.disabled = step === 0
    next.disabled = step === 2 * operations.length
    const words = tell({ texts, values, gradients, known, last, active, reverse })
    write(said, words)
    graph.setAttribute("aria-label", `The graph of ${example.code}. ${words}`)
  }

  function tell({ texts, values, gradients, last, active, reverse }) {
    const out = nodes.length - 1
    const name = i => (fixed(i) ? number(values[i]) : texts[i])
    if (!step) return "Step 0: only the leaves have values. Press Next."
    if (reverse <= 0) {
      const end =
        reverse < 0
          ? ""
          : ` The way back starts here: ${texts[out]} changes as fast as itself, so its gradient is 1.`
      const inputs = nodes[active].slice(1).map(i => `${name(i)} is ${number(values[i])}`)
      const known = inputs.filter((_, k) => !fixed(nodes[active][1 + k]))
      return `Forward: ${known.join(", ")}, so ${texts[active]} = ${example.signs[active]} is ${number(values[active])}.${end}`
    }
    const from = last.from
    const parts = last.passed
      .filter(({ to }) => !fixed(to))
      .map(({ to, slope, amount }) => {
        const sum =
          gradients[to] !== amount ? `, which adds up to ${number(gradients[to])}` : ""
        return `${texts[to]} gets ${number(gradients[from])} · ${bracketed(slope)} = ${number(amount)}${sum}`
      })
    const end =
      reverse === inner().length
        ? " That was the last step: the leaves have their .grad."
        : ""
    return `Backward from ${texts[from]}: ${parts.join("; ")}.${end}`
  }

  box.setAttribute("aria-label", "Autograd step by step")
  const options = Object.entries(EXAMPLES).map(([key, one]) => [key, one.code])
  box.append(
    tip,
    row(choice("Expression", options, start, choose), leaves),
    element("p", {}, code),
    element("div", { className: "moving-desk" }, element("div", {}, steps, said), graph),
  )
  choose(start)
}
