// The known words that a misspelt one may mean.

proven.spelling = (() => {
  const LONGEST = 40
  const rows = [0, 1, 2].map(() => new Uint8Array(LONGEST + 1))

  // Letters to change, leave out, add or swap; more than `most` is as good as many.
  const distance = (a, b, most) => {
    let [before, last, row] = rows
    for (let j = 0; j <= b.length; j++) last[j] = j
    for (let i = 1; i <= a.length; i++) {
      row[0] = i
      let least = i
      for (let j = 1; j <= b.length; j++) {
        let best = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
        if (last[j] + 1 < best) best = last[j] + 1
        if (row[j - 1] + 1 < best) best = row[j - 1] + 1
        const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1
        row[j] = best
        if (best < least) least = best
      }
      if (least > most) return Infinity
      ;[before, last, row] = [last, row, before]
    }
    return last[b.length]
  }

  // A quarter of the letters of a word may be wrong.
  const allowed = ({ length }) => (length < 3 ? 0 : length < 6 ? 1 : Math.round(length * 0.25))

  // `known`: a map from words to how often they stand on the pages. A first letter is
  // seldom wrong.
  const speller = known => {
    const listed = [...known].filter(([{ length }]) => length > 2 && length <= LONGEST)
    const kept = new Map()
    return word => {
      if (kept.has(word)) return kept.get(word)
      let most = word.length > LONGEST ? 0 : allowed(word)
      const found = []
      for (const [other, count] of most ? listed : []) {
        if (Math.abs(other.length - word.length) > most) continue
        const far = distance(word, other, most)
        if (far > most) continue
        if (far < most) found.length = 0
        most = far // none is worse than the nearest
        found.push([other[0] === word[0] ? count : count / 1e6, other])
      }
      const best = found.sort(([a], [b]) => b - a).slice(0, 3).map(([, other]) => other)
      if (best[0]) best.far = most
      kept.set(word, best)
      return best
    }
  }

  return { speller }
})()
