// Finds the sections that answer a question: MiniSearch weighs words, this file ranks.
self.proven ??= {}

proven.engine = ({ pages, sections }) => {
  const { words, spelling, errors, excerpt } = proven
  const MOST = 24 // words of a question that count
  const SHOWN = 20
  const BOOST = { title: 4, names: 5, page: 1.2, said: 1.5, text: 1, code: 0.6 }
  const FIELDS = Object.keys(BOOST)

  const slug = title => title.replace(/[^\w\s-]/g, "").trim().toLowerCase().replace(/[-\s]+/g, "-")
  const docs = sections.map(([page, anchor, title, text, rest, code, names, said], id) => {
    const [address, pageTitle, label] = pages[page]
    const top = anchor === ""
    return {
      id, page, address, top, text, said, names: names.join(" , "), code,
      anchor: anchor === null ? slug(title) : anchor,
      title: top ? `${title} , ${label}` : title,
      shown: title,
      where: pageTitle,
      body: `${text} ${rest}`,
      isError: said.length > 0,
    }
  })
  const valueOf = (doc, field) =>
    field === "page" ? doc.where : field === "text" ? doc.body
    : field === "said" ? doc.said.join(" , ") : doc[field]

  const known = new Map() // whole words, for the spelling
  const note = term => known.set(term, (known.get(term) ?? 0) + 1)
  const mini = new MiniSearch({
    fields: FIELDS,
    extractField: (doc, field) => (field === "id" ? doc.id : valueOf(doc, field)),
    tokenize: text => {
      const found = []
      for (const word of words.split(text)) {
        const low = word.toLowerCase()
        if (words.isStop(low)) continue
        note(low.includes(".") || low.includes("_") ? low.replace(/.*\.|_/g, "") : low)
        found.push(...words.termsOf(word))
      }
      return found.filter(term => term.length > 1 || term > "\u3400")
    },
    processTerm: term => term,
  })
  mini.addAll(docs)

  const titles = docs.map(doc => new Set(words.terms(doc.shown)))
  const sizes = new Map() // of how many sections a term is in
  const frequency = term => {
    if (!sizes.has(term)) sizes.set(term, ask(term, false).size)
    return sizes.get(term)
  }
  const rarity = count => Math.log(1 + docs.length / (count + 1))
  const match = errors.matcher(docs.map(doc => [...doc.said, ...(doc.isError ? [doc.shown] : [])]))

  const asked = new Map()
  const ask = (term, prefix) => {
    const key = `${term} ${prefix}`
    if (!asked.has(key)) {
      const options = {
        prefix, boost: BOOST, tokenize: text => [text], processTerm: text => text,
        weights: { fuzzy: 0.4, prefix: 0.5 },
      }
      asked.set(key, new Map(mini.search(term, options).map(({ id, score }) => [id, score])))
    }
    return asked.get(key)
  }

  // A word of the question as sets of terms of which the best counts.
  const waysOf = (word, last) => {
    const [whole, ...parts] = words.termsOf(word).filter(term => term.length > 1 || term > "\u3400")
    if (!whole) return []
    const ways = [{ terms: [whole], share: 1, prefix: last && whole.length > 2 }]
    if (parts.length) ways.push({ terms: parts, share: 0.6 })
    if (!frequency(whole) && !parts.some(frequency)) {
      const low = word.toLowerCase()
      for (const other of spelling.near(low, known))
        ways.push({ terms: [words.termsOf(other)[0]], share: 0.8 })
      for (let at = 3; at < low.length - 2; at++) {
        const halves = [low.slice(0, at), low.slice(at)]
        if (halves.every(half => known.has(half)))
          ways.push({ terms: halves.map(words.stem), share: 0.7 })
      }
      if (ways.length === 1 && whole.length > 3) ways[0].prefix = true
    }
    return ways
  }

  const groupsOf = question => {
    const all = words.split(question)
    const telling = all.filter(word => !words.isStop(word))
    const listed = telling.length ? telling : all
    const open = /[\w\u3400-\u9fff]$/.test(question)
    const groups = []
    const seen = new Set()
    listed.forEach((word, at) => {
      for (const part of word.includes(".") ? word.split(".") : [word]) {
        const ways = waysOf(part, open && at === listed.length - 1)
        if (!ways.length || seen.has(ways[0].terms[0])) continue
        seen.add(ways[0].terms[0])
        const scores = new Map()
        for (const { terms, share, prefix } of ways) {
          const sums = new Map()
          for (const term of terms)
            for (const [id, score] of ask(term, !!prefix))
              sums.set(id, (sums.get(id) ?? 0) + score / terms.length)
          for (const [id, score] of sums)
            scores.set(id, Math.max(scores.get(id) ?? 0, score * share))
        }
        if (scores.size) groups.push({ ways, scores, weight: rarity(scores.size) })
        else groups.push({ ways, scores, weight: 0.5 })
      }
    })
    return groups.sort((a, b) => b.weight - a.weight).slice(0, MOST)
  }

  const P = proven.tuning ?? {
    cover: 1.5, fromPage: 0.4, title: 1.0, pagePart: 0.3, top: 1.15, errorBody: 0.6,
    again: 0.75, weak: 3, pattern: 0.72, sure: 0.8,
  }

  const rank = question => {
    const groups = groupsOf(question)
    const total = groups.reduce((sum, { weight }) => sum + weight, 0)
    const scored = new Map()
    const pageHas = new Map() // the words that a page has in any section
    groups.forEach(({ scores, weight }, at) => {
      for (const [id, score] of scores) {
        const one = scored.get(id) ?? { id, sum: 0, cover: 0, has: 0 }
        one.sum += score * Math.min(1, weight / P.weak)
        one.cover += weight / total
        scored.set(id, one)
        const { page } = docs[id]
        if (!pageHas.has(page)) pageHas.set(page, new Set())
        pageHas.get(page).add(at)
      }
    })
    const inTitle = groups.map(({ ways }) => new Set(ways.flatMap(({ terms }) => terms)))
    for (const one of scored.values()) {
      const doc = docs[one.id]
      const onPage = [...pageHas.get(doc.page)].reduce((s, at) => s + groups[at].weight, 0) / total
      const cover = one.cover + P.fromPage * (onPage - one.cover)
      const title = titles[one.id]
      const hits = inTitle.filter(terms => [...terms].some(term => title.has(term)))
      const ofTitle = title.size ? Math.min(1, hits.length / title.size) : 0
      const ofQuestion =
        groups.reduce((s, { weight }, at) => s + ([...inTitle[at]].some(t => title.has(t)) ? weight : 0), 0) / total
      one.score = one.sum * cover ** P.cover * (1 + P.title * ofTitle * ofQuestion)
      if (doc.isError && ofQuestion < 0.5) one.score *= P.errorBody
      if (doc.top) one.score *= P.top
    }
    const found = [...scored.values()]
    const byPage = new Map()
    for (const one of found.sort((a, b) => b.score - a.score)) {
      const { page } = docs[one.id]
      const list = byPage.get(page) ?? []
      list.push(one.score)
      byPage.set(page, list)
    }
    const whole = list => list.slice(0, 4).reduce((sum, score, at) => sum + score / (at + 1), 0)
    for (const one of found) one.score += P.pagePart * whole(byPage.get(docs[one.id].page))
    return { found, groups }
  }

  const find = question => {
    const { found, groups } = rank(question)
    const best = Math.max(0, ...found.map(({ score }) => score))
    const byId = new Map(found.map(one => [one.id, one]))
    for (const { entry, alike, count } of match(question)) {
      if (alike < P.pattern) break
      const one = byId.get(entry) ?? { id: entry, score: 0 }
      if (!byId.has(entry)) found.push(one)
      one.score += best * (alike >= P.sure && count >= 3 ? 1 + alike : alike)
    }
    found.sort((a, b) => b.score - a.score)
    const times = new Map()
    for (const one of found.slice(0, 3 * SHOWN)) {
      const { page } = docs[one.id]
      one.score *= P.again ** (times.get(page) ?? 0)
      times.set(page, (times.get(page) ?? 0) + 1)
    }
    found.sort((a, b) => b.score - a.score)
    const wanted = new Set(groups.flatMap(({ ways }) => ways.flatMap(({ terms }) => terms)))
    return found.slice(0, SHOWN).map(({ id, score }) => {
      const { address, anchor, shown, where, said, text, top } = docs[id]
      return {
        address, anchor: top ? "" : anchor, score, where: top ? "" : where,
        title: excerpt.pieces(shown, wanted),
        said: said[0] ?? "",
        text: excerpt.show(text, wanted),
      }
    })
  }

  return { find }
}
