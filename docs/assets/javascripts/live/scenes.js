// Scenes as the detector learned them: the same steps as in lab/train/scenes.py.
//
// A scene is {dims: [1, 3, 96, 96], data}, RGB from 0 to 1.

import { resize, trim } from "./picture.js"

export const SIDE = 96
const PLANE = SIDE * SIDE

const clamp = (value, low, high) => Math.min(Math.max(value, low), high)

// Random numbers that are the same for the same seed (mulberry32).
function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function scene(seed) {
  const next = random(seed)
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const numbers = (length, draw) => Float32Array.from({ length }, draw)
  return clutter(numbers(75, next), numbers(63, next), numbers(3 * PLANE, normal))
}

// Soft, pale colours (3, 5, 5), then patches (9, 7), then noise.
export function clutter(coarse, patches, noise) {
  const data = new Float32Array(3 * PLANE)
  const grey = i => (coarse[i] + coarse[i + 25] + coarse[i + 50]) / 3
  const pale = coarse.map((value, i) => value + 0.6 * (grey(i % 25) - value))
  for (let c = 0; c < 3; c++) {
    const small = { height: 5, width: 5, data: pale.subarray(25 * c, 25 * c + 25) }
    data.set(resize(small, SIDE, SIDE).data, c * PLANE)
  }
  for (let i = 0; i < patches.length; i += 7) {
    const [x, y, w, h, ...colour] = patches.subarray(i, i + 7)
    const [left, top] = [Math.trunc(x * SIDE), Math.trunc(y * SIDE)]
    const [right, bottom] = [
      left + 2 + Math.trunc(w ** 2 * 40),
      top + 2 + Math.trunc(h ** 2 * 40),
    ]
    const box = [left, top, Math.min(right, SIDE), Math.min(bottom, SIDE)]
    blend(data, box, () => 0.5, colour)
  }
  for (let i = 0; i < data.length; i++) data[i] = clamp(data[i] + 0.03 * noise[i], 0, 1)
  return { dims: [1, 3, SIDE, SIDE], data }
}

function blend(data, [x1, y1, x2, y2], weight, colour) {
  for (let c = 0; c < 3; c++)
    for (let y = y1; y < y2; y++)
      for (let x = x1; x < x2; x++) {
        const i = c * PLANE + y * SIDE + x
        data[i] += weight(x - x1, y - y1) * (colour[c] - data[i])
      }
}

// The box of a digit of some height, its middle as near to (x, y) as the scene allows.
export function boxAt(picture, x, y, height) {
  const { width: w, height: h } = trim(picture)
  const width = clamp(Math.trunc((height * w) / h), 5, 48)
  const left = clamp(Math.round(x - width / 2), 0, SIDE - width)
  const top = clamp(Math.round(y - height / 2), 0, SIDE - height)
  return [left, top, left + width, top + height]
}

// A scene with a digit that fills a box (x1, y1, x2, y2).
export function paste({ dims, data }, picture, [x1, y1, x2, y2], colour) {
  const ink = resize(trim(picture), y2 - y1, x2 - x1)
  const out = Float32Array.from(data)
  const weight = (x, y) => clamp(ink.data[y * ink.width + x], 0, 1)
  blend(out, [x1, y1, x2, y2], weight, colour)
  return { dims, data: out }
}

// A colour, or its opposite where that differs more from what is there.
export function contrast(colour, { data }, [x1, y1, x2, y2]) {
  const there = [0, 0, 0]
  const count = (x2 - x1) * (y2 - y1)
  for (let c = 0; c < 3; c++)
    for (let y = y1; y < y2; y++)
      for (let x = x1; x < x2; x++) there[c] += data[c * PLANE + y * SIDE + x] / count
  const far = other => Math.hypot(...other.map((value, c) => value - there[c]))
  const opposite = colour.map(value => 1 - value)
  return far(opposite) > far(colour) ? opposite : colour
}
