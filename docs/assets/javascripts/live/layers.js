// The layers that the networks of this page have, by the names that ONNX gives them.
//
// A tensor is {dims, data}: one picture, so dims[0] is 1; data is a Float32Array in the
// order of PyTorch. Each layer takes its inputs and its attributes.

const make = dims => ({ dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) })

function window({
  kernel_shape,
  strides = [1, 1],
  dilations = [1, 1],
  pads = [0, 0, 0, 0],
}) {
  return { size: kernel_shape, step: strides, gap: dilations, pads }
}

// How many windows fit in each direction.
function places([height, width], { size, step, gap, pads }) {
  const count = (side, i) =>
    Math.floor((side + pads[i] + pads[i + 2] - gap[i] * (size[i] - 1) - 1) / step[i]) +
    1
  return [count(height, 0), count(width, 1)]
}

// Every window as numbers in a row, four windows side by side: (count / 4, row, 4).
function unfold({ dims: [, channels, height, width], data }, at, rows, columns) {
  const { size, step, gap, pads } = at
  const row = channels * size[0] * size[1]
  const out = new Float32Array(Math.ceil((rows * columns) / 4) * row * 4)
  for (let place = 0; place < rows * columns; place++) {
    const top = Math.floor(place / columns) * step[0] - pads[0]
    const left = (place % columns) * step[1] - pads[1]
    let to = (place >> 2) * row * 4 + (place & 3)
    for (let channel = 0; channel < channels; channel++) {
      for (let a = 0; a < size[0]; a++) {
        const y = top + a * gap[0]
        const from = (channel * height + y) * width
        for (let b = 0; b < size[1]; b++, to += 4) {
          const x = left + b * gap[1]
          if (y >= 0 && y < height && x >= 0 && x < width) out[to] = data[from + x]
        }
      }
    }
  }
  return out
}

// The rows of a matrix, four side by side, so that one pass reads them together.
const packs = new WeakMap()
function pack(matrix, rows, row) {
  if (!packs.has(matrix)) {
    const out = new Float32Array(Math.ceil(rows / 4) * row * 4)
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < row; k++)
        out[(i >> 2) * row * 4 + k * 4 + (i & 3)] = matrix[i * row + k]
    packs.set(matrix, out)
  }
  return packs.get(matrix)
}

// Both packed by four: 16 sums at a time, in double precision.
function multiply(a, b, rows, columns, row, bias, out) {
  const sums = new Float64Array(16)
  for (let n = 0; n < columns; n += 4) {
    for (let m = 0; m < rows; m += 4) {
      dot(a, m * row, b, n * row, row, sums)
      for (let i = 0; i < 4 && m + i < rows; i++)
        for (let j = 0; j < 4 && n + j < columns; j++)
          out[(m + i) * columns + n + j] = sums[4 * i + j] + bias[m + i]
    }
  }
}

// Named sums stay in registers; in an array they would be read and written each time.
function dot(a, p, b, q, row, sums) {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0
  let s8 = 0, s9 = 0, sa = 0, sb = 0, sc = 0, sd = 0, se = 0, sf = 0
  for (let k = 0; k < row; k++, p += 4, q += 4) {
    const b0 = b[q], b1 = b[q + 1], b2 = b[q + 2], b3 = b[q + 3]
    let w = a[p]
    s0 += w * b0; s1 += w * b1; s2 += w * b2; s3 += w * b3
    w = a[p + 1]
    s4 += w * b0; s5 += w * b1; s6 += w * b2; s7 += w * b3
    w = a[p + 2]
    s8 += w * b0; s9 += w * b1; sa += w * b2; sb += w * b3
    w = a[p + 3]
    sc += w * b0; sd += w * b1; se += w * b2; sf += w * b3
  }
  sums[0] = s0; sums[1] = s1; sums[2] = s2; sums[3] = s3
  sums[4] = s4; sums[5] = s5; sums[6] = s6; sums[7] = s7
  sums[8] = s8; sums[9] = s9; sums[10] = sa; sums[11] = sb
  sums[12] = sc; sums[13] = sd; sums[14] = se; sums[15] = sf
}

function conv(x, weight, bias, attributes) {
  if ((attributes.group ?? 1) !== 1)
    throw new Error("grouped convolutions are not here")
  const [outputs, ...rest] = weight.dims
  const row = rest.reduce((a, b) => a * b)
  const at = window({ ...attributes, kernel_shape: weight.dims.slice(2) })
  const [rows, columns] = places(x.dims.slice(2), at)
  const out = make([1, outputs, rows, columns])
  const windows = unfold(x, at, rows, columns)
  const zeros = bias?.data ?? new Float32Array(outputs)
  multiply(
    pack(weight.data, outputs, row),
    windows,
    outputs,
    rows * columns,
    row,
    zeros,
    out.data,
  )
  return out
}

function pool(x, attributes) {
  const at = window(attributes)
  const [, channels, height, width] = x.dims
  const [rows, columns] = places([height, width], at)
  const out = make([1, channels, rows, columns])
  let to = 0
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, to++) {
        out.data[to] = -Infinity
        for (let a = 0; a < at.size[0]; a++) {
          for (let b = 0; b < at.size[1]; b++) {
            const y = i * at.step[0] - at.pads[0] + a * at.gap[0]
            const z = j * at.step[1] - at.pads[1] + b * at.gap[1]
            if (y < 0 || y >= height || z < 0 || z >= width) continue
            out.data[to] = Math.max(out.data[to], x.data[(c * height + y) * width + z])
          }
        }
      }
    }
  }
  return out
}

function batchNorm(x, scale, shift, mean, variance, { epsilon = 1e-5 }) {
  const out = make(x.dims)
  const plane = x.data.length / x.dims[1]
  for (let c = 0; c < x.dims[1]; c++) {
    const slope = scale.data[c] / Math.sqrt(variance.data[c] + epsilon)
    const offset = shift.data[c] - mean.data[c] * slope
    for (let i = c * plane; i < (c + 1) * plane; i++)
      out.data[i] = x.data[i] * slope + offset
  }
  return out
}

function linear(x, weight, bias, { alpha = 1, beta = 1, transA = 0, transB = 0 }) {
  if (transA || !transB || alpha !== 1 || beta !== 1)
    throw new Error("of matrix products, only x @ weight.T + bias is here")
  const [outputs, inputs] = weight.dims
  const out = make([1, outputs])
  for (let i = 0; i < outputs; i++) {
    let sum = bias?.data[i] ?? 0
    for (let k = 0; k < inputs; k++) sum += x.data[k] * weight.data[i * inputs + k]
    out.data[i] = sum
  }
  return out
}

function reshape(x, shape) {
  const dims = [...shape.data].map((side, i) => side || x.dims[i])
  const known = dims.reduce((a, b) => (b < 0 ? a : a * b), 1)
  return {
    dims: dims.map(side => (side < 0 ? x.data.length / known : side)),
    data: x.data,
  }
}

export const sigmoid = value => 1 / (1 + Math.exp(-value))

const relu = x => ({ dims: x.dims, data: x.data.map(value => Math.max(value, 0)) })

// Each is given its inputs, then its attributes; an input may be left out.
export const LAYERS = {
  BatchNormalization: [5, batchNorm],
  Cast: [1, x => x], // all numbers were widened when they were read
  Conv: [3, conv],
  Gemm: [3, linear],
  MaxPool: [1, pool],
  Relu: [1, relu],
  Reshape: [2, reshape],
}

export function softmax(values) {
  const most = Math.max(...values)
  const parts = Array.from(values, value => Math.exp(value - most))
  const sum = parts.reduce((a, b) => a + b)
  return parts.map(part => part / sum)
}
