// From the detector's output to boxes: the same steps as in lab/train/detector.py.

import { sigmoid } from "./layers.js"

const STRIDE = 4 // pixels of the scene to one cell of the output

// What is at least as likely as `threshold`, the best first: {box, score, label}.
export function detect({ dims: [, , rows, columns], data }, threshold) {
  const cells = rows * columns
  const found = []
  for (let cell = 0; cell < cells; cell++) {
    const at = channel => data[channel * cells + cell]
    const logits = Array.from({ length: 10 }, (_, k) => at(k))
    const best = Math.max(...logits)
    const score = sigmoid(best)
    if (score <= threshold) continue
    const x = ((cell % columns) + 0.5 + at(10)) * STRIDE
    const y = (Math.floor(cell / columns) + 0.5 + at(11)) * STRIDE
    const [w, h] = [24 * Math.exp(at(12)), 24 * Math.exp(at(13))]
    const box = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
    found.push({ box, score, label: logits.indexOf(best) })
  }
  found.sort((a, b) => b.score - a.score)
  return nms(found)
}

export function iou(a, b) {
  const side = k => Math.max(0, Math.min(a[k + 2], b[k + 2]) - Math.max(a[k], b[k]))
  const area = box => (box[2] - box[0]) * (box[3] - box[1])
  const shared = side(0) * side(1)
  return shared / (area(a) + area(b) - shared)
}

// Keep the best box, drop those that overlap it by more than the limit, repeat.
export function nms(found, limit = 0.5) {
  const kept = []
  for (const one of found)
    if (kept.every(other => iou(one.box, other.box) <= limit)) kept.push(one)
  return kept
}

// For each cell, how likely the middle of any digit is there.
export function heat({ dims: [, , rows, columns], data }) {
  const cells = rows * columns
  const most = cell =>
    Math.max(...Array.from({ length: 10 }, (_, k) => data[k * cells + cell]))
  const values = Float32Array.from({ length: cells }, (_, cell) => sigmoid(most(cell)))
  return { height: rows, width: columns, data: values }
}
