// Drop a digit into a scene: the boxes that the detector finds.

import { detect, heat } from "./boxes.js"
import {
  board,
  button,
  cost,
  digits,
  element,
  keyed,
  paint,
  percent,
  pointed,
  range,
  statusLine,
} from "./elements.js"
import { loadScans, newest, run } from "./runner.js"
import { boxAt, contrast, paste, scene, SIDE } from "./scenes.js"

const SCALE = 4 // pixels of the screen to one of the scene
const STEP = 2 // pixels of the scene, for an arrow key
const LISTED = 8 // boxes in words
const COLOURS = [
  [0.95, 0.85, 0.2],
  [0.1, 0.2, 0.6],
  [0.85, 0.15, 0.2],
  [0.9, 0.95, 0.95],
]

// Returns a function that is called with what the reader drew elsewhere.
export function sceneOf(root) {
  let seed = 1
  let base // the scene without the digit that is moved
  let picture // the digit that is moved
  let at = [SIDE / 2, SIDE / 2]
  let height = 28
  let threshold = 0.3
  let colour = 0
  let answer = null // what the detector said last
  let found = [] // the boxes of that which are shown
  let own = null

  const [view, help] = board(
    SIDE * SCALE,
    "Scene to drop a digit into",
    "Keys: arrows move the digit, Enter leaves it where it is and takes another.",
  )
  const status = statusLine("The detector loads when you choose a digit.")
  const facts = element("p", { className: "live-keys" })
  const list = element("ol", {
    className: "live-boxes",
    "aria-label": "Boxes, the surest first",
  })
  const map = element("canvas", {
    width: 24,
    height: 24,
    className: "live-ink",
    role: "img",
    "aria-label": "How sure the detector is that a digit has its middle there",
  })

  function compose() {
    if (!picture) return base
    const box = boxAt(picture, ...at, height)
    return paste(
      base,
      picture,
      box,
      contrast(COLOURS[colour % COLOURS.length], base, box),
    )
  }

  function redraw(composed) {
    const small = element("canvas", { width: SIDE, height: SIDE })
    const image = new ImageData(SIDE, SIDE)
    const plane = SIDE * SIDE
    for (let i = 0; i < plane; i++) {
      for (let c = 0; c < 3; c++)
        image.data[4 * i + c] = 255 * composed.data[c * plane + i]
      image.data[4 * i + 3] = 255
    }
    small.getContext("2d").putImageData(image, 0, 0)
    const context = view.getContext("2d")
    context.imageSmoothingEnabled = false
    context.drawImage(small, 0, 0, view.width, view.height)
    for (const one of found) frame(context, one)
  }

  function frame(context, { box, score, label }) {
    const [x1, y1, x2, y2] = box.map(value => value * SCALE)
    for (const [width, colour] of [
      [5, "#000"],
      [2, "#fff"],
    ]) {
      context.lineWidth = width
      context.strokeStyle = colour
      context.strokeRect(x1, y1, x2 - x1, y2 - y1)
    }
    const words = `${label}  ${percent(score)}`
    context.font = "600 15px system-ui, sans-serif"
    const width = context.measureText(words).width + 10
    const left = Math.min(Math.max(x1 - 2, 0), view.width - width)
    const top = y1 > 22 ? y1 - 22 : Math.min(y2, view.height - 22)
    context.fillStyle = "#000"
    context.fillRect(left, top, width, 22)
    context.fillStyle = "#fff"
    context.fillText(words, left + 5, top + 16)
  }

  const look = newest(async () => {
    try {
      answer = await run("detector", compose())
      facts.textContent = cost("detector", answer)
      judge()
    } catch (error) {
      status.textContent = `The detector does not run here: ${error.message}.`
    }
  })

  // The boxes that are sure enough, over the scene as it is by now.
  function judge() {
    found = detect(answer.output, threshold)
    redraw(compose())
    say()
    paint(map, heat(answer.output))
  }

  function say() {
    const count = found.length === 1 ? "1 box" : `${found.length} boxes`
    status.textContent = `The detector finds ${count}.`
    status.classList.add("live-told")
    const items = found
      .slice(0, LISTED)
      .map(({ box: [x1, y1, x2, y2], score, label }) => {
        const [w, h, x, y] = [x2 - x1, y2 - y1, x1, y1].map(Math.round)
        return element(
          "li",
          {},
          `${label}, ${percent(score)}: ${w} by ${h} pixels, ${x} from the left, ${y} from the top`,
        )
      })
    list.replaceChildren(...items)
  }

  function changed() {
    if (!base) return
    redraw(compose())
    look()
  }

  async function choose(label) {
    if (!answer) status.textContent = "Loading the detector …"
    try {
      const scans = await loadScans()
      picture = label === null ? own : scans[label][colour % scans[label].length]
    } catch (error) {
      status.textContent = `The scans do not load here: ${error.message}.`
      return
    }
    press(label)
    base ??= scene(seed)
    changed()
  }

  function press(label) {
    const chosen = label ?? "My drawing"
    for (const one of [...kinds.children, mine])
      one.setAttribute("aria-pressed", one.textContent === String(chosen))
  }

  function keep() {
    if (!picture) return
    base = compose()
    colour++
    const [x, y] = at
    at = [(x + 37) % SIDE, (y + 23) % SIDE]
    changed()
  }

  function another(step) {
    seed += step
    base = scene(seed)
    if (!picture) choose(3)
    else changed()
  }

  const place = ([x, y]) => {
    at = [x, y].map(value => Math.min(Math.max(value, 0), 1) * SIDE)
    if (picture) changed()
    else choose(3)
  }
  pointed(view, place, place)
  keyed(view, (x, y) => place([(at[0] + x * STEP) / SIDE, (at[1] + y * STEP) / SIDE]), {
    Enter: keep,
  })

  const kinds = digits("Digit to drop into the scene", choose)
  const mine = button("My drawing", () => choose(null))
  mine.disabled = true
  root.append(
    element(
      "div",
      { className: "live-side" },
      status,
      element(
        "div",
        {},
        view,
        help,
        element(
          "div",
          { className: "live-row" },
          button("Leave it there", keep),
          button("Another scene", () => another(1)),
        ),
      ),
      element(
        "div",
        {},
        element(
          "p",
          { className: "live-label" },
          "Choose a digit, then press or drag in the scene:",
        ),
        kinds,
        element("div", { className: "live-row" }, mine),
        range(
          "Height of the digit:",
          { min: 12, max: 48, step: 1, value: height },
          value => `${value} pixels`,
          value => {
            height = value
            changed()
          },
        ),
        range(
          "Show boxes from:",
          { min: 0.05, max: 0.95, step: 0.05, value: threshold },
          percent,
          value => {
            threshold = value
            if (answer) judge()
          },
        ),
        list,
        element(
          "p",
          { className: "live-label" },
          "Where the middle of a digit may be, cell by cell:",
        ),
        map,
        facts,
      ),
    ),
  )
  return drawing => {
    own = drawing
    mine.disabled = false
  }
}
