// The known words that a misspelt one may mean.
self.proven ??= {}

proven.spelling = (() => {
  // Letters to change, leave out, add or swap; more than `most` is as good as many.
  const distance = (a, b, most) => {
    let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)]
    for (let i = 1; i <= a.length; i++) {
      const row = [i]
      let least = i
      for (let j = 1; j <= b.length; j++) {
        const cost = a[i - 1] === b[j - 1] ? 0 : 1
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          row[j] = Math.min(row[j], before[j - 2] + 1)
        least = Math.min(least, row[j])
      }
      if (least > most) return Infinity
      before = last
      last = row
    }
    return last[b.length]
  }

  const allowed = word => (word.length < 4 ? 0 : word.length < 6 ? 1 : Math.round(word.length * 0.2))

  // `known`: a map from words to how often they stand on the pages. A first letter is
  // seldom wrong, but two may change places.
  const near = (word, known) => {
    const most = allowed(word)
    const found = []
    for (const [other, count] of most ? known : []) {
      if (Math.abs(other.length - word.length) > most || other.length < 3) continue
      if (other[0] !== word[0] && other[0] !== word[1]) continue
      const far = distance(word, other, most)
      if (far <= most) found.push([far - Math.log10(count + 1) / 10, other])
    }
    return found.sort(([a], [b]) => a - b).slice(0, 3).map(([, other]) => other)
  }

  return { near, distance }
})()
