// How much memory a training step takes, and of what.

import { choice, element, range, row, status, svg, write } from "./kit.js"
import { OPTIMIZERS, SIZES, budget } from "./memory-math.js"

const NAMES = {
  weights: "weights",
  gradients: "gradients",
  state: "optimizer state",
  saved: "saved for backward",
}
const GIB = 2 ** 30
const CARDS = [8, 12, 16, 24, 48, 80, 141]
const WIDTH = 340

const amount = bytes => {
  const unit =
    bytes >= GIB ? [GIB, "GiB"] : bytes >= 2 ** 20 ? [2 ** 20, "MiB"] : [1024, "KiB"]
  const value = bytes / unit[0]
  return `${value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3).replace(/\.?0+$/, "")} ${unit[1]}`
}

export function picture(box) {
  const given = {
    layers: 16,
    width: 4096,
    batch: 4096,
    optimizer: "Adam",
    dtype: "float32",
  }
  let card = 8
  const said = status()
  const drawing = svg("svg", {
    class: "moving-bar",
    viewBox: `0 0 ${WIDTH} 48`,
    role: "img",
  })
  const list = element("ul", { className: "moving-parts" })
  const set = name => value => {
    given[name] = value
    update()
  }
  const powers = (words, name, min, max) =>
    range(
      words,
      { min, max, value: Math.log2(given[name]) },
      value => {
        given[name] = 2 ** value
        update()
      },
      value => (2 ** value).toLocaleString("en"),
    )
  const plain = Object.keys(OPTIMIZERS).map(one => [one, one])
  const dtypes = Object.keys(SIZES).map(one => [one, one])
  const cards = CARDS.map(one => [one, `${one} GiB`])

  const rects = Object.keys(NAMES).map((_, i) =>
    svg("rect", { class: `part-${i}`, y: 4, height: 26 }),
  )
  const line = svg("path", { class: "limit" })
  const limit = svg("text", { y: 45, class: "quiet" })
  const rows = Object.values(NAMES).map((name, i) => {
    const value = element("b")
    const key = element("i", { className: `part-${i}` })
    list.append(element("li", {}, key, `${name} `, value))
    return value
  })
  drawing.append(...rects, line, limit)

  function update() {
    const parts = Object.entries(budget(given))
    const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0)
    const scale = (WIDTH - 4) / Math.max(total, card * GIB)
    let x = 0
    parts.forEach(([, bytes], i) => {
      rects[i].setAttribute("x", x)
      rects[i].setAttribute("width", bytes * scale)
      x += bytes * scale
      write(rows[i], amount(bytes))
    })
    const at = card * GIB * scale
    line.setAttribute("d", `M${at} 0V34`)
    limit.setAttribute("x", at)
    limit.setAttribute("text-anchor", at > WIDTH / 2 ? "end" : "start")
    write(limit, `the card: ${card} GiB`)
    const fits = total <= card * GIB
    drawing.classList.toggle("over", !fits)
    const most = [...parts].sort((a, b) => b[1] - a[1])[0]
    const share = Math.round((100 * most[1]) / total)
    const verdict = fits ? "fits on" : "does not fit on"
    const words = `Together ${amount(total)}: that ${verdict} a card of ${card} GiB. The largest part is ${NAMES[most[0]]}, ${share} %.`
    write(said, words)
    drawing.setAttribute("aria-label", words)
  }

  box.setAttribute("aria-label", "Memory of a training step")
  box.append(
    element(
      "p",
      { className: "moving-try" },
      "which slider changes only one of the four parts?",
    ),
    row(
      range(
        "Layers, Linear and ReLU:",
        { min: 1, max: 64, value: given.layers },
        set("layers"),
      ),
      powers("Width:", "width", 6, 14),
      powers("Batch:", "batch", 0, 16),
    ),
    row(
      choice("Optimizer", plain, given.optimizer, set("optimizer")),
      choice("dtype", dtypes, given.dtype, set("dtype")),
      choice("GPU memory", cards, card, value => {
        card = Number(value)
        update()
      }),
    ),
    drawing,
    list,
    said,
    element(
      "p",
      { className: "moving-note" },
      "PyTorch itself, and blocks that it keeps free, come on top.",
    ),
  )
  update()
}
