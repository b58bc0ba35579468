// The boxes of the site’s detector: a threshold, an overlap, precision and recall.

import { whole } from "../live/whole.js"
import { element, range, row, status, svg, write } from "./kit.js"
import { judge } from "./boxes-math.js"

const scenes = await (await whole(new URL("boxes.json", import.meta.url))).json()
const SIDE = 96
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)

export function picture(box) {
  let scene = 0
  let threshold = 0.3
  let limit = 0.5
  const said = status()
  const view = svg("svg", {
    class: "moving-scene",
    viewBox: `-2 -2 ${SIDE + 4} ${SIDE + 4}`,
    role: "img",
  })
  const chart = svg("svg", {
    class: "moving-chart",
    viewBox: "-22 -8 136 130",
    role: "img",
  })
  const text = (x, y, words, more = {}) =>
    svg("text", { x, y, class: "quiet", ...more }, words)
  const curve = svg("path", { class: "curve" })
  const dot = svg("circle", { r: 4 })
  const place = (recall, precision) => [recall * 100, 100 - precision * 100]
  chart.append(
    svg("path", { class: "axis", d: "M0 0V100H100" }),
    text(-4, 4, "1", { "text-anchor": "end" }),
    text(100, 115, "1", { "text-anchor": "middle" }),
    text(-4, 104, "0", { "text-anchor": "end" }),
    text(50, 115, "recall", { "text-anchor": "middle" }),
    text(-8, 50, "precision", { "text-anchor": "middle", transform: "rotate(-90 -8 50)" }),
    curve,
    dot,
  )

  const rect = ([x1, y1, x2, y2], kind) =>
    svg("rect", { class: kind, x: x1, y: y1, width: x2 - x1, height: y2 - y1 })

  function update() {
    const found = judge(scenes, threshold, limit)
    const { boxes, hits } = found.kept[scene]
    const truth = scenes[scene].truth
    view.replaceChildren(
      svg("rect", { class: "paper", width: SIDE, height: SIDE }),
      ...truth.map(one => rect(one, "real")),
      ...truth.map(one =>
        text((one[0] + one[2]) / 2, (one[1] + one[3]) / 2 + 3, String(one[4]), {
          "text-anchor": "middle",
        }),
      ),
      ...boxes.filter((_, i) => !hits[i]).map(one => rect(one, "miss")),
      ...boxes.filter((_, i) => hits[i]).map(one => rect(one, "hit")),
    )
    const points = THRESHOLDS.map(at => judge(scenes, at, limit)).filter(one => one.count)
    const line = points.map(one =>
      place(one.recall, one.precision)
        .map(v => v.toFixed(1))
        .join(" "),
    )
    curve.setAttribute("d", `M${line.join("L")}`)
    dot.classList.toggle("none", !found.count)
    if (found.count) {
      const [x, y] = place(found.recall, found.precision)
      dot.setAttribute("cx", x)
      dot.setAttribute("cy", y)
    }
    const wrong = found.count - found.hits
    const numbers = found.count
      ? `${found.count} boxes: ${found.hits} find a digit, ${wrong} ${wrong === 1 ? "does" : "do"} not, so precision is ${found.precision.toFixed(2)}.`
      : "No box is left, so there is no precision."
    const words = `${numbers} They find ${found.hits} of ${found.total} digits: recall is ${found.recall.toFixed(2)}.`
    write(said, words)
    const here = `Scene ${scene + 1}: ${boxes.length} boxes, ${hits.filter(Boolean).length} right; ${truth.length} digits are there`
    view.setAttribute("aria-label", here)
    chart.setAttribute("aria-label", `Precision against recall. ${words}`)
  }

  const share = value => value.toFixed(2)
  box.setAttribute("aria-label", "Boxes of a detector, with two limits to move")
  box.append(
    element(
      "p",
      { className: "moving-try" },
      "lower the threshold: does recall always rise? Then let boxes overlap up to 1.",
    ),
    row(
      range(
        "Threshold: the score is above",
        { min: 0.05, max: 0.95, step: 0.05, value: threshold },
        value => {
          threshold = value
          update()
        },
        share,
      ),
      range(
        "NMS: boxes may overlap up to",
        { min: 0, max: 1, step: 0.05, value: limit },
        value => {
          limit = value
          update()
        },
        share,
      ),
      range("Scene shown:", { min: 1, max: scenes.length, value: 1 }, value => {
        scene = value - 1
        update()
      }),
    ),
    element("div", { className: "moving-two" }, view, chart),
    said,
    element(
      "p",
      { className: "moving-note" },
      "Dashed: where a digit is. Thick: a box that finds it. Thin: one that does not. Boxes and scores are those of the site’s detector, in eight scenes of its test set.",
    ),
  )
  update()
}
