// Temperature and top-k, on what the site's small language model expects next.

import { whole } from "../live/whole.js"
import { button, choice, element, range, row, status, write } from "./kit.js"
import { distribution } from "./sampling-math.js"

const BARS = 8
const data = await (await whole(new URL("sampling.json", import.meta.url))).json()

const percent = share =>
  share < 0.005 && share > 0 ? "< 1 %" : `${Math.round(100 * share)} %`

export function picture(box) {
  let text = Object.keys(data.logits)[0]
  let temperature = 1
  let k = 512
  const said = status()
  const drawn = element("p", { role: "status", className: "moving-drawn" })
  const bars = Array.from({ length: BARS }, () => {
    const token = element("code")
    const bar = element("i")
    const value = element("b")
    return { token, bar, value, row: element("li", {}, token, bar, value) }
  })
  const list = element("ol", { className: "moving-bars" }, ...bars.map(one => one.row))

  const found = () => distribution(data.logits[text], temperature, k)

  function update() {
    const { ids, shares } = found()
    bars.forEach(({ token, bar, value, row }, i) => {
      row.classList.toggle("none", i >= ids.length)
      write(token, data.tokens[ids[i]] ?? "")
      bar.style.setProperty("--share", shares[i] ?? 0)
      write(value, i < ids.length ? percent(shares[i]) : "")
    })
    const rest = shares.slice(BARS).reduce((a, b) => a + b, 0)
    const other = shares.length - BARS
    const tail =
      other > 0
        ? ` ${other} other ${other === 1 ? "token shares" : "tokens share"} ${percent(rest)}.`
        : ""
    const why = temperature ? "" : " At temperature 0 the best token always wins."
    const certain = shares.findIndex(
      (_, i) => shares.slice(0, i + 1).reduce((a, b) => a + b, 0) >= 0.9,
    )
    const most = ids.length > 1 ? ` ${certain + 1} of ${ids.length} tokens hold 90 %.` : ""
    write(
      said,
      `After “${text}” the best token is ${data.tokens[ids[0]]}, ${percent(shares[0])}.${most}${tail}${why}`,
    )
    write(drawn, "")
  }

  function draw() {
    const { ids, shares } = found()
    const one = () => {
      let left = Math.random()
      return data.tokens[
        ids[
          Math.max(
            shares.findIndex(share => (left -= share) < 0),
            0,
          )
        ]
      ]
    }
    write(drawn, `Twelve draws: ${Array.from({ length: 12 }, one).join("  ")}`)
  }

  const texts = Object.keys(data.logits).map(one => [one, `${one} …`])
  box.setAttribute("aria-label", "Temperature and top-k to change")
  box.append(
    element(
      "p",
      { className: "moving-try" },
      "draw at temperature 2, then again with top-k 4. Which of them could go on the text? (␣ is a space)",
    ),
    row(
      choice("The text so far", texts, text, value => {
        text = value
        update()
      }),
      range(
        "Temperature:",
        { min: 0, max: 2, step: 0.1, value: 1 },
        value => {
          temperature = value
          update()
        },
        value => value.toFixed(1),
      ),
      range(
        "Top-k, as a power of 2:",
        { min: 0, max: 9, value: 9 },
        value => {
          k = 2 ** value
          update()
        },
        value => (value === 9 ? "all 512" : String(2 ** value)),
      ),
    ),
    list,
    said,
    row(button("Draw twelve tokens", "Draw twelve tokens", draw)),
    drawn,
  )
  update()
}
