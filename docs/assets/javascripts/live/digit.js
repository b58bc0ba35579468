// Draw a digit: the ten probabilities, and the maps of the first layer. Until then a
// scan lies on the paper, with what the network made of it when it was recorded.

import {
  board,
  button,
  checkbox,
  cost,
  digits,
  element,
  keyed,
  paint,
  percent,
  pointed,
  statusLine,
} from "./elements.js"
import { softmax } from "./layers.js"
import { draw, enlarge } from "./picture.js"
import { loadExample, loadScans, newest, run } from "./runner.js"

const PAPER = 280
const STEP = 1 / 14 // of the paper, for an arrow key
const MAPS = 16
const SEEN = "hat the network gets, and what its first layer makes of it:"

// `taken` is called with each new picture.
export function digit(root, taken) {
  let strokes = []
  let fit = true
  let pen = { at: [0.5, 0.5], down: false }
  let shown = null // what the network was given last
  let scan = 0
  let behind = null // the scan that lies under the paper
  const told = {} // of the pen, and of the network: neither overwrites the other

  const [paper, help] = board(
    PAPER,
    "Paper to draw a digit on",
    "Keys: arrows move the pen, Space lowers or lifts it, Delete clears the paper.",
  )
  const status = statusLine("The network loads when you draw.")
  const facts = element("p", { className: "live-keys" })
  const bars = Array.from({ length: 10 }, (_, label) => {
    const bar = element("span", { className: "live-bar" })
    const value = element("span", { className: "live-value" }, "–")
    return {
      bar,
      value,
      row: element("li", {}, element("b", {}, String(label)), bar, value),
    }
  })
  const input = element("canvas", { width: 28, height: 28, className: "live-ink" })
  const maps = Array.from({ length: MAPS }, () =>
    element("canvas", { width: 28, height: 28, className: "live-ink" }),
  )
  const caption = element("p", { className: "live-label" })
  let example = { pictures: [] }

  function showExample() {
    caption.textContent = `For a scan of a 3, w${SEEN}`
    example.pictures.forEach((picture, i) => paint([input, ...maps][i], picture))
  }

  // Returns the digit with the largest share.
  function showShares(shares) {
    const best = shares.indexOf(Math.max(...shares))
    shares.forEach((share, label) => {
      bars[label].bar.style.setProperty("--share", share)
      bars[label].value.textContent = percent(share)
      bars[label].row.classList.toggle("live-best", label === best)
    })
    return best
  }

  function tell(parts) {
    Object.assign(told, parts)
    status.textContent = [told.pen, told.network].filter(Boolean).join(" ")
    status.classList.toggle("live-told", /reads/.test(told.network))
  }

  function redraw() {
    const context = paper.getContext("2d")
    context.clearRect(0, 0, PAPER, PAPER)
    context.fillStyle = context.strokeStyle = getComputedStyle(paper).color
    if (behind) trace(context)
    if (!strokes.length && !shown) invite(context)
    context.lineWidth = 20
    context.lineCap = context.lineJoin = "round"
    for (const stroke of strokes) {
      context.beginPath()
      const points = stroke.map(place => place.map(value => value * PAPER))
      context.moveTo(...points[0])
      for (const point of [points[0], ...points.slice(1)]) context.lineTo(...point)
      context.stroke()
    }
    if (paper.matches(":focus-visible"))
      cross(
        context,
        pen.at.map(value => value * PAPER),
      )
  }

  // The scan, pale: what is drawn takes its place.
  function trace(context) {
    const side = PAPER / behind.width
    behind.data.forEach((ink, i) => {
      context.globalAlpha = 0.5 * ink
      context.fillRect((i % behind.width) * side, Math.floor(i / behind.width) * side, side, side)
    })
    context.globalAlpha = 1
  }

  function invite(context) {
    context.font = `18px ${getComputedStyle(paper).fontFamily}`
    context.textAlign = "center"
    context.globalAlpha = 0.7
    context.fillText(behind ? "Draw over it" : "Draw here", PAPER / 2, PAPER * 0.95)
    context.globalAlpha = 1
  }

  function cross(context, [x, y]) {
    context.lineWidth = 2
    context.strokeStyle = getComputedStyle(paper).outlineColor
    context.strokeRect(x - 8, y - 8, 16, 16)
    if (pen.down) context.strokeRect(x - 1, y - 1, 2, 2)
  }

  const classify = newest(async picture => {
    try {
      const found = await run("digits", { dims: [1, 1, 28, 28], data: picture.data })
      if (shown === picture) show(picture, found)
    } catch (error) {
      tell({ network: `The network does not run here: ${error.message}.` })
    }
  })

  function take(picture) {
    if (!shown) tell({ network: "Loading the network …" })
    shown = picture
    taken(picture)
    classify(picture)
  }

  function show(picture, found) {
    const shares = softmax(found.output.data)
    const best = showShares(shares)
    tell({ network: `It reads ${best}: ${percent(shares[best])}.` })
    facts.textContent = cost("digits", found)
    caption.textContent = `W${SEEN}`
    paint(input, picture)
    const {
      dims: [, , height, width],
      data: all,
    } = found.maps
    const plane = height * width
    const most = all.reduce((a, b) => Math.max(a, b)) || 1
    maps.forEach((map, i) => {
      const data = all.subarray(i * plane, (i + 1) * plane)
      paint(map, { height, width, data }, most)
    })
  }

  function drawn() {
    if (strokes.length) behind = null
    redraw()
    if (strokes.length) take(draw(strokes, fit))
  }

  function clear() {
    strokes = []
    behind = null
    pen = { at: [0.5, 0.5], down: false }
    shown = null
    redraw()
    for (const { bar, value, row } of bars) {
      bar.style.setProperty("--share", 0)
      value.textContent = "–"
      row.classList.remove("live-best")
    }
    showExample()
    tell({ pen: "", network: "The paper is empty." })
  }

  async function showScan(label) {
    clear()
    tell({ network: "Loading the network …" })
    try {
      const scans = await loadScans()
      behind = enlarge(scans[label][scan++ % scans[label].length])
      redraw()
      take(behind)
    } catch (error) {
      tell({ network: `The scans do not load here: ${error.message}.` })
    }
  }

  const inside = place => place.map(value => Math.min(Math.max(value, 0), 1))
  pointed(
    paper,
    place => {
      pen = { at: place, down: false }
      tell({ pen: "" })
      strokes.push([inside(place)])
      drawn()
    },
    place => {
      strokes.at(-1).push(inside(place))
      drawn()
    },
  )
  keyed(
    paper,
    (x, y) => {
      pen.at = inside([pen.at[0] + x * STEP, pen.at[1] + y * STEP])
      if (pen.down) strokes.at(-1).push(pen.at)
      if (pen.down) drawn()
      else redraw()
    },
    {
      " ": () => {
        pen.down = !pen.down
        tell({ pen: pen.down ? "The pen is down." : "The pen is up." })
        if (!pen.down) return redraw()
        strokes.push([pen.at])
        drawn()
      },
      Delete: clear,
      Backspace: clear,
    },
  )
  paper.addEventListener("focus", redraw)
  paper.addEventListener("blur", redraw)
  const scheme = { attributeFilter: ["data-md-color-scheme"] }
  new MutationObserver(redraw).observe(document.body, scheme)

  root.append(
    element(
      "div",
      { className: "live-desk" },
      status,
      paper,
      element(
        "ol",
        { className: "live-bars", "aria-label": "Probability of each digit" },
        ...bars.map(one => one.row),
      ),
      element(
        "div",
        {},
        element("div", { className: "live-row" }, button("Clear the paper", clear)),
        checkbox("Centre what is drawn", fit, checked => {
          fit = checked
          drawn()
        }),
        help,
      ),
      element(
        "div",
        {},
        element("p", { className: "live-label" }, "Or take a scan from the test set:"),
        digits("A scan of a digit from the test set", showScan),
        facts,
      ),
    ),
    caption,
    element(
      "div",
      {
        className: "live-maps",
        role: "img",
        "aria-label":
          "The picture of 28 by 28 pixels, and sixteen feature maps of the first layer",
      },
      input,
      element("div", {}, ...maps),
    ),
  )
  redraw()
  showExample()
  loadExample().then(
    found => {
      example = found
      if (shown || strokes.length) return
      showExample()
      const best = showShares(example.shares)
      tell({ network: `The network reads this 3 as a ${best}: ${percent(example.shares[best])}.` })
      behind = example.pictures[0]
      redraw()
    },
    () => {}, // the boxes stay empty
  )
}
