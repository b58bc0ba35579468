// Where the learning rate leads: down, back and forth, or away.

import { choice, element, range, row, status, svg, write } from "./kit.js"
import { descend, loss } from "./descent-math.js"

const [WIDTH, HEIGHT, STEPS, START] = [340, 200, 20, -1]
const [LEFT, RIGHT, TOP] = [-3, 9, 36] // of w and of the loss
const x = w => ((w - LEFT) / (RIGHT - LEFT)) * WIDTH
const y = value => HEIGHT - 22 - (value / TOP) * (HEIGHT - 36)

const number = value => {
  const text = Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toFixed(2)
  return text.replace("-", "−").replace("+", "")
}

export function picture(box) {
  const options = { lr: 0.1, momentum: 0 }
  let optimizer = "SGD"
  let shown = STEPS
  const said = status()
  const drawing = svg("svg", {
    class: "moving-descent",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
  })
  const curve = Array.from({ length: 61 }, (_, i) => LEFT + (i * (RIGHT - LEFT)) / 60)
  const line = curve.map(w => `${x(w).toFixed(1)} ${y(loss(w)).toFixed(1)}`).join("L")
  const path = svg("path", { class: "way" })
  const dots = svg("g")
  const ticks = [-3, 0, 3, 6, 9].map(w =>
    svg(
      "text",
      {
        class: "quiet",
        x: Math.min(Math.max(x(w), 8), WIDTH - 8),
        y: HEIGHT - 4,
        "text-anchor": "middle",
      },
      w === 3 ? "w = 3" : String(w).replace("-", "−"),
    ),
  )
  drawing.append(svg("path", { class: "curve", d: `M${line}` }), path, dots, ...ticks)

  const rate = range(
    "Learning rate:",
    { min: 0.02, max: 1.2, step: 0.02, value: options.lr },
    value => {
      options.lr = value
      update()
    },
    value => value.toFixed(2),
  )
  const momentum = range(
    "Momentum:",
    { min: 0, max: 0.95, step: 0.05, value: 0 },
    value => {
      options.momentum = value
      update()
    },
    value => value.toFixed(2),
  )
  const steps = range("Steps shown:", { min: 0, max: STEPS, value: STEPS }, value => {
    shown = value
    update()
  })

  function update() {
    momentum.hidden = optimizer === "Adam"
    const all = descend(optimizer, START, STEPS, options)
    const ws = all.slice(0, shown + 1)
    const within = ws.filter(w => w >= LEFT && w <= RIGHT)
    const first = ws.findIndex(w => w < LEFT || w > RIGHT)
    const drawn = first < 0 ? ws : ws.slice(0, first + 1)
    const points = drawn.map(
      w => `${x(w).toFixed(1)} ${y(Math.min(loss(w), 200)).toFixed(1)}`,
    )
    path.setAttribute("d", `M${points.join("L")}`)
    dots.replaceChildren(
      ...within.map((w, i) =>
        svg("circle", { cx: x(w), cy: y(loss(w)), r: i === within.length - 1 ? 5 : 3.2 }),
      ),
    )
    const words = tell(all, ws)
    write(said, words)
    drawing.setAttribute(
      "aria-label",
      `The parabola of the loss with the steps of w. ${words}`,
    )
  }

  function tell(all, ws) {
    const now = `After ${ws.length - 1} ${ws.length === 2 ? "step" : "steps"}, w is ${number(ws.at(-1))} and the loss ${number(loss(ws.at(-1)))}.`
    const far = all.map(w => Math.abs(w - 3))
    const crossed = all.some((w, i) => i && (w - 3) * (all[i - 1] - 3) < 0)
    const end = Math.max(...far.slice(-4))
    if (end > 1.5 * far[0]) return `${now} It diverges: each step jumps further past 3.`
    if (end > 0.9 * far[0]) return `${now} It jumps back and forth, and gets no nearer.`
    if (end < 0.05)
      return `${now} It ${crossed ? "swings past 3, and settles there" : "comes down to 3 from one side"}.`
    return `${now} It ${crossed ? "still swings around 3" : "is on its way: the steps are small"}.`
  }

  const names = ["SGD", "Adam"].map(one => [one, one])
  box.setAttribute("aria-label", "Descent with a learning rate to choose")
  box.append(
    element(
      "p",
      { className: "moving-try" },
      "at which learning rate does w jump to 3 in one step, and at which does it never arrive?",
    ),
    row(
      choice("Optimizer", names, optimizer, value => {
        optimizer = value
        update()
      }),
      rate,
      momentum,
      steps,
    ),
    drawing,
    said,
    element("p", {}, element("code", {}, "w = −1; loss = (w − 3) ** 2")),
  )
  update()
}
