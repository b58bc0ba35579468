// What readers write for words of the pages: harness/site/related.txt. Of its
// last lines, "!" lists words of trouble, and the one without a word such as tell little.

proven.related = lines => {
  const { stem, termsOf } = proven.words
  const found = new Map()
  const add = (word, way) => found.set(word, [...(found.get(word) ?? []), way])
  for (const line of lines) {
    const [word, means] = line.split(": ")
    if (means) {
      add(stem(word), { terms: means.split(" ").map(one => termsOf(one)[0]), short: true })
      continue
    }
    const group = [...new Set(line.split(" ").map(stem))]
    for (const one of group)
      for (const other of group) if (other !== one) add(one, { terms: [other] })
  }
  return term => found.get(term) ?? []
}
