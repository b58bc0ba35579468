// Pictures as numbers: {height, width, data}, ink 1 on paper 0.

// Bicubic enlargement, as torch.nn.functional.interpolate does it.
export function resize({ height, width, data }, rows, columns) {
  const across = weights(width, columns)
  const down = weights(height, rows)
  const wide = new Float64Array(height * columns)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < columns; x++)
      for (const [from, weight] of across[x])
        wide[y * columns + x] += weight * data[y * width + from]
  const out = new Float32Array(rows * columns)
  for (let x = 0; x < columns; x++)
    for (let y = 0; y < rows; y++)
      out[y * columns + x] = down[y].reduce(
        (sum, [from, w]) => sum + w * wide[from * columns + x],
        0,
      )
  return { height: rows, width: columns, data: out }
}

// For each new place the four old ones that it is made from; the edge is repeated.
function weights(from, to) {
  const a = -0.75
  const near = d => ((a + 2) * d - (a + 3)) * d * d + 1
  const far = d => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
  return Array.from({ length: to }, (_, i) => {
    const place = ((i + 0.5) * from) / to - 0.5
    const first = Math.floor(place)
    const t = place - first
    const parts = [far(1 + t), near(t), near(1 - t), far(2 - t)]
    const clamp = at => Math.min(Math.max(at, 0), from - 1)
    return parts.map((weight, k) => [clamp(first - 1 + k), weight])
  })
}

const clamped = data => data.map(value => Math.min(Math.max(value, 0), 1))

// A scan of 8x8 as the classifier was tested: 20x20 in the middle of 28x28.
export function enlarge(scan) {
  const large = resize(scan, 20, 20)
  const out = { height: 28, width: 28, data: new Float32Array(28 * 28) }
  const ink = clamped(large.data)
  for (let y = 0; y < 20; y++)
    out.data.set(ink.subarray(y * 20, y * 20 + 20), (y + 4) * 28 + 4)
  return out
}

// A picture without the empty rows and columns around its ink.
export function trim({ height, width, data }) {
  let [top, left, bottom, right] = [height, width, 0, 0]
  data.forEach((value, i) => {
    if (value <= 0.2) return
    const [y, x] = [Math.floor(i / width), i % width]
    top = Math.min(top, y)
    left = Math.min(left, x)
    bottom = Math.max(bottom, y + 1)
    right = Math.max(right, x + 1)
  })
  const rows = []
  for (let y = top; y < bottom; y++)
    rows.push(...data.subarray(y * width + left, y * width + right))
  return { height: bottom - top, width: right - left, data: Float32Array.from(rows) }
}

const PEN = 1.5 // pixels from the middle of a stroke to its edge

// Strokes, lists of [x, y] from 0 to 1, as a picture of 28x28; with `fit`, as large as
// the scans are, and in the middle.
export function draw(strokes, fit = true) {
  const place = fit ? fitted(strokes.flat()) : ([x, y]) => [x * 28, y * 28]
  const lines = strokes.flatMap(stroke => {
    const points = stroke.map(place)
    return points.length === 1
      ? [[...points, ...points]]
      : points.slice(1).map((p, i) => [points[i], p])
  })
  const data = new Float32Array(28 * 28)
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [(i % 28) + 0.5, Math.floor(i / 28) + 0.5]
    const far = lines.reduce(
      (least, line) => Math.min(least, distance(x, y, line)),
      Infinity,
    )
    data[i] = Math.min(Math.max(PEN + 0.5 - far, 0), 1)
  }
  return { height: 28, width: 28, data }
}

function fitted(points) {
  const range = k => {
    const values = points.map(point => point[k])
    return [Math.min(...values), Math.max(...values)]
  }
  const [left, right] = range(0)
  const [top, bottom] = range(1)
  const scale = (20 - 2 * PEN) / Math.max(right - left, bottom - top, 0.1)
  return ([x, y]) => [
    14 + scale * (x - (left + right) / 2),
    14 + scale * (y - (top + bottom) / 2),
  ]
}

function distance(x, y, [[ax, ay], [bx, by]]) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const t = length
    ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1)
    : 0
  return Math.hypot(ax + t * dx - x, ay + t * dy - y)
}
