// From the boxes that a detector finds to precision and recall.

export function iou(a, b) {
  const side = k => Math.max(0, Math.min(a[k + 2], b[k + 2]) - Math.max(a[k], b[k]))
  const area = box => (box[2] - box[0]) * (box[3] - box[1])
  const shared = side(0) * side(1)
  return shared / (area(a) + area(b) - shared)
}

// Which of the boxes, the best first, stay: no better one may overlap by more.
export function nms(found, limit) {
  const kept = []
  found.forEach((box, i) => {
    if (kept.every(j => iou(box, found[j]) <= limit)) kept.push(i)
  })
  return kept
}

// Which boxes, [x1, y1, x2, y2, score, label], hit a true one, [x1, y1, x2, y2, label]:
// half of the area that both cover is shared, the label is right, and no better box
// was there before.
export function match(boxes, truth) {
  const free = new Set(truth.keys())
  return boxes.map(box => {
    let best = -1
    let most = -1
    truth.forEach((real, i) => {
      const overlap = real[4] !== box[5] ? -1 : free.has(i) ? iou(box, real) : -1
      if (overlap > most) [best, most] = [i, overlap]
    })
    if (most < 0.5) return false
    free.delete(best)
    return true
  })
}

// Of some scenes: the boxes kept in each, which of them are hits, and both measures.
export function judge(scenes, threshold, limit) {
  const kept = scenes.map(({ found, truth }) => {
    const likely = found.filter(box => box[4] > threshold)
    const boxes = nms(likely, limit).map(i => likely[i])
    return { boxes, hits: match(boxes, truth) }
  })
  const sum = numbers => numbers.reduce((a, b) => a + b, 0)
  const count = sum(kept.map(({ boxes }) => boxes.length))
  const hits = sum(kept.map(one => one.hits.filter(Boolean).length))
  const total = sum(scenes.map(({ truth }) => truth.length))
  return {
    kept,
    count,
    hits,
    total,
    precision: count ? hits / count : null,
    recall: hits / total,
  }
}
