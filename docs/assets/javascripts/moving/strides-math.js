// What a view reads from a strip of memory, as torch.as_strided does.

const list = sizes => `[${sizes.join(", ")}]`

// The storage holds `length` numbers of 8 bytes, 0, 1, 2 and so on. The numbers row by
// row, and whether they can be read in order; or the error.
export function read(length, [rows, columns], [down, right], offset) {
  const size = [rows, columns]
  const stride = [down, right]
  if (stride.some(one => one < 0)) {
    const what = "as_strided: Negative strides are not supported at the moment"
    return { error: `RuntimeError: ${what}, got strides: ${list(stride)}` }
  }
  const needed = 8 * (offset + (rows - 1) * down + (columns - 1) * right + 1)
  if (needed > 8 * length) {
    const what = `setStorage: sizes ${list(size)}, strides ${list(stride)}, storage offset ${offset}`
    const why = `and itemsize 8 requiring a storage size of ${needed} are out of bounds`
    return { error: `RuntimeError: ${what}, ${why} for storage of size ${8 * length}` }
  }
  const table = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => offset + i * down + j * right),
  )
  return { table, contiguous: contiguous(size, stride), flat: flat(size, stride) }
}

// A size of 1 needs no step.
const contiguous = ([rows, columns], [down, right]) =>
  (columns === 1 || right === 1) && (rows === 1 || down === columns)

// Whether view(-1) can read it as one row.
const flat = ([rows, columns], [down, right]) =>
  rows === 1 || columns === 1 || down === right * columns
