// Finds the sections that answer a question: MiniSearch weighs words, this file ranks.

proven.engine = ({ pages, sections, related: lines, words: [told, steps] }) => {
  const { words, spelling, errors, excerpt } = proven
  const related = proven.related(lines)
  const listed = name => related(name)[0].terms
  const idle = listed("")
  const trouble = listed("!")
  const SHOWN = 20
  const MOST = 24 // words of a question that count
  // A section that has got many words is as good as one with few: `b` is small.
  const BM25 = { k: 1.2, b: 0.3, d: 0.5 }
  const FIELDS = { title: 4, names: 4, page: 1.2, said: 1.5, text: 2, code: 1 }
  const RANK = {
    title: 4.5, // a title that is the question
    top: 0.8, // the beginning of a page, which is about everything there
    page: 0.2, // what other sections of the page say about it
    // Where no error is asked for: what goes wrong without one, and a pitfall and an error
    // entry, where trouble is told of, in such words or others; where a question is
    // asked; and for a bare name.
    trouble: [1.6, 1.4, 0.5],
    told: [1.2, 1, 0.5],
    asked: [1, 0.8, 0.5],
    bare: [1, 0.5, 0.42],
    inside: 0.3, // a section in place of the beginning of its page
    again: 0.85, // each further section of a page
    prefix: 0.3, // torch and nn of torch.nn.Linear
    rare: 4, // the most that one word counts among the others
    common: 2.2, // rarity from which a word counts in full
    short: 0.7, // what a short form stands for
    spelt: 0.8, // a known word for a misspelt one
    related: 0.5, // a word that means nearly the same
    keras: 1.5, // what is said of Keras and NumPy, where a question names or writes as Keras
    plain: 0.9, // and where it has no name at all
    head: 1.5, // a name that a question begins with
    idle: 0.3, // a word that tells little, such as "everything"
    known: 0.82, // likeness of an error text that leaves no doubt
    alike: 0.72, // and one that is worth a look; of a title, one whose page is asked for
    ...proven.tuning,
  }

  const slug = title => title.replace(/[^\w\s-]/g, "").trim().toLowerCase().replace(/[-\s]+/g, "-")
  const BARE = /^\S+( \S+|\(.*\))?$/
  const ASKED = /^(how|what|which|when|where|who|can|do|does|is|are|should)\b|\?$/i
  let pitfalls // the page whose pitfalls follow
  const docs = sections[0].map((page, id) => {
    const [, anchor, title, text, names, said, fills] = sections.map(column => column[id])
    const [address, where, label] = pages[page]
    const top = anchor === ""
    if (title === "Pitfalls") pitfalls = page
    return {
      page, address, where, top, title, text, names, said, fills,
      pitfall: pitfalls === page, silent: /No error|without an error/.test(where + title),
      anchor: anchor === 0 ? slug(said[0].slice(said[0].indexOf(": ") + 2)) : anchor ?? slug(title),
      above: new Set(words.terms(where)), // a short question may share its words between these
      titles: [title, top ? label : "", ...names].map(one => new Set(words.terms(one))),
    }
  })

  // For each section its words that no excerpt shows; then so the names of its programs.
  const hidden = told.split(" ")
  const more = [...docs, ...docs].map(() => [])
  steps.split(" ").forEach((letters, at) => {
    let id = -1
    for (const letter of letters) more[(id += letter.charCodeAt() - 34)].push(hidden[at])
  })

  const written = new Map() // how often each word and each part of a name stands there
  const mini = new MiniSearch({
    fields: Object.keys(FIELDS),
    tokenize: text => {
      for (const word of words.split(text))
        for (const part of new Set([word, ...word.split(/[._-]/)])) written.set(part, (written.get(part) ?? 0) + 1)
      return words.terms(text)
    },
    processTerm: term => term,
  })
  // Its tree is searched once for each term, not for each time that it stands somewhere.
  const tree = mini._index
  const places = new Map()
  const look = tree.fetch.bind(tree)
  tree.fetch = (term, make) => {
    let place = places.get(term)
    if (!place) places.set(term, (place = look(term, make)))
    return place
  }
  mini.addAll(docs.map((doc, id) => ({
    id, page: doc.where, names: doc.names.join(" , "), said: doc.said.join(" , "),
    title: doc.top ? `${doc.title} , ${pages[doc.page][2]}` : doc.title,
    text: `${doc.text} ${more[id].join(" ")}`, code: more[id + docs.length].join(" "),
  })))

  const plain = word => word.replace(/.*\.|[_-]/g, "").toLowerCase()
  const known = new Map() // the same, made plain
  for (const [word, count] of written)
    known.set(plain(word), (known.get(plain(word)) ?? 0) + count)
  const near = spelling.speller(known)

  const kept = new Map()
  const ask = (term, prefix) => {
    const key = `${term} ${prefix}`
    if (!kept.has(key)) {
      const found = mini.search(term, { prefix, boost: FIELDS, bm25: BM25, tokenize: text => [text] })
      kept.set(key, new Map(found.map(({ id, score }) => [id, score])))
    }
    return kept.get(key)
  }
  const rarity = count => Math.log(1 + docs.length / (count + 1))

  // A word of a question as sets of terms, of which the best counts.
  const waysOf = (word, isLast) => {
    const [whole, ...written] = words.termsOf(word)
    if (!whole) return []
    const parts = written.length ? written : words.names.get(whole) ?? []
    const ways = [{ terms: [whole], share: 1, prefix: isLast && whole.length > 2 }]
    if (parts.length) ways.push({ terms: parts, share: 0.3 })
    for (const { terms, short } of related(whole))
      ways.push(short ? { terms, share: RANK.short } : { terms, share: RANK.related, cover: RANK.related })
    if (ask(whole, false).size || known.has(plain(word))) return ways
    for (const other of near(plain(word)))
      ways.push({ terms: [words.termsOf(other)[0]], share: RANK.spelt })
    return ways
  }

  // Which sections have a word, how well, and how much of it.
  const weigh = ways => {
    const scores = new Map()
    for (const { terms, share, prefix, cover } of ways) {
      const sums = new Map()
      for (const term of terms)
        for (const [id, score] of ask(term, !!prefix))
          sums.set(id, (sums.get(id) ?? 0) + (share * score) / terms.length)
      for (const [id, score] of sums) {
        const best = scores.get(id)
        if (!best) scores.set(id, { score, cover: cover ?? 1 })
        else {
          best.score = Math.max(best.score, score)
          best.cover = Math.max(best.cover, cover ?? 1)
        }
      }
    }
    return scores
  }

  const groupsOf = question => {
    const all = words.split(question.replace(/[=(]\s*(True|False|None)\b/g, " "))
    // Two words may be one, and a misspelt word one that tells nothing.
    const joined = { __proto__: null }
    for (let at = all.length - 1; at > 0; at--) {
      const [one, two] = all.slice(at - 1, at + 1)
      const both = plain(one) + plain(two)
      if (both.length < 5 || !known.has(both)) continue
      if (!known.has(plain(one)) || !known.has(plain(two))) all.splice(at - 1, 2, both)
      else if (both.length > 5) joined[one] = joined[two] = [both]
    }
    const isStrange = word => (/^[a-z]+$/i).test(word) && !known.has(word.toLowerCase()) && !related(words.stem(word)).length
    const isIdle = word => words.isStop(word) || (isStrange(word) && words.isStop(near(word)[0] ?? ""))
    // A word that is not nearly another may be two, in any of their forms.
    const halves = word => {
      let [best, most] = [[word], 0]
      const whole = word.toLowerCase()
      for (let at = 2; at < whole.length - 1 && isStrange(word) && !(near(whole).far < 2); at++) {
        const two = [whole.slice(0, at), whole.slice(at)]
        const least = Math.min(...two.map(half => known.get(half) ?? ask(words.stem(half), false).size))
        if (least > most) [best, most] = [two.filter(half => !words.isStop(half)), least]
      }
      return best
    }
    const telling = all.filter(word => !isIdle(word))
    const listed = (telling.length ? telling : all).flatMap(word => {
      const parts = word.split(".")
      const both = parts.slice(-2).join("") // nn.Linear as one word
      return [...(parts[1] && ask(words.termsOf(both)[0], false).size ? [[both, RANK.prefix]] : []), ...parts.flatMap((part, at) =>
        halves(part).map(one => [one, at < parts.length - 1 ? RANK.prefix : 1, joined[word]]))]
    })
    const groups = new Map()
    listed.forEach(([word, share, joined = []], at) => {
      const ways = waysOf(word, at === listed.length - 1 && !/\W$/.test(question))
      for (const one of joined) ways.push({ terms: [words.termsOf(one)[0]], share: RANK.spelt })
      const [term] = ways[0]?.terms ?? []
      if (!term || groups.has(term)) return
      const scores = weigh(ways)
      const full = [...scores.values()].filter(({ cover }) => cover === 1).length
      const own = ask(term, false).size || full
      // Beside the name of a layer "keras" tells little.
      const tells = idle.includes(term) && (term !== "kera" || /_|[a-z]{3}[A-Z]|as [A-Z]/.test(question)) ? RANK.idle : 1
      const weight = share * tells * (at ? 1 : /_|[a-z]{3}[A-Z]/.test(word) ? RANK.head : 1) * (full ? Math.min(RANK.rare, (rarity(own) + rarity(full)) / 2) : 0.5)
      groups.set(term, { ways, scores, weight })
    })
    return [...groups.values()].sort((a, b) => b.weight - a.weight).slice(0, MOST)
  }

  // How much of a question is a title, and of that title the question: 1 is the same.
  const likeTitle = ({ titles, above }, groups, total) => {
    let best = 0
    for (const title of titles) {
      let [ofQuestion, found] = [0, 0]
      if (!title.size) continue
      for (const { ways, weight } of groups) {
        let most = 0
        for (const { terms, share } of ways) {
          const hits = terms.filter(term => title.has(term)).length
          if (!hits && !(groups.length < 4 && above.has(terms[0]))) continue
          most = Math.max(most, (share * (hits || 0.7)) / terms.length)
          found += share * hits
        }
        ofQuestion += (most * weight) / total
      }
      best = Math.max(best, ofQuestion * Math.min(1, found / title.size))
    }
    return best
  }

  const rank = (groups, isError, question) => {
    const wish = BARE.test(question) ? "bare" : ASKED.test(question) ? "asked"
      : words.split(question).some(word => trouble.includes(words.stem(word.toLowerCase()))) ? "trouble" : "told"
    const keras = /[kK]eras|ensor[fF]low|\b(tf|ops)\b|[^m]\dD\b|[a-z]Normalization/.test(question)
    const [silent, pitfall, error] = isError ? [1, 1, 1] : RANK[wish]
    const total = groups.reduce((sum, { weight }) => sum + weight, 0)
    const scored = new Map()
    for (const { scores, weight } of groups)
      for (const [id, { score, cover }] of scores) {
        const one = scored.get(id) ?? { id, score: 0, cover: 0 }
        one.score += score * Math.min(1, weight / RANK.common)
        one.cover += (cover * weight) / total
        scored.set(id, one)
      }
    const found = [...scored.values()]
    for (const one of found) {
      const doc = docs[one.id]
      const like = likeTitle(doc, groups, total)
      one.score *= one.cover * (1 + RANK.title * like)
      if (doc.top && like < RANK.alike) one.score *= RANK.top
      if (/^keras|numpy/.test(doc.address)) one.score *= keras ? RANK.keras : /_|[A-Z]/.test(question) ? 1 : RANK.plain
      one.score *= doc.said.length ? error : doc.pitfall ? pitfall : doc.silent ? silent : 1
    }
    found.sort((a, b) => b.score - a.score)
    const [sums, seen] = [[], []] // of pages
    for (const { id, score } of found) {
      const { page } = docs[id]
      seen[page] = (seen[page] ?? 0) + 1
      sums[page] = (sums[page] ?? 0) + score / seen[page]
    }
    for (const one of found) one.score += RANK.page * sums[docs[one.id].page]
    return found
  }

  const match = errors.matcher(docs.map(({ said, title }) => (said.length ? [...said, title] : [])))
  // The entries of an error text come first.
  const putFirst = (found, matches) => {
    const best = Math.max(1, ...found.map(({ score }) => score))
    const byId = new Map(found.map(one => [one.id, one]))
    for (const { entry, alike } of matches) {
      const one = byId.get(entry) ?? { id: entry, score: 0 }
      if (!byId.has(entry)) found.push(one)
      one.score += best * (alike >= RANK.known ? 9 + 9 * alike : alike)
    }
  }

  // One page should not take all places.
  const spread = found => {
    const times = new Map()
    found.sort((a, b) => b.score - a.score)
    for (const one of found.slice(0, 3 * SHOWN)) {
      const { page } = docs[one.id]
      one.score *= RANK.again ** (times.get(page) ?? 0)
      times.set(page, (times.get(page) ?? 0) + 1)
    }
    found.sort((a, b) => b.score - a.score)
    // Whoever finds a page wants a place there, if one answers nearly as well.
    const { id, score } = found[0] ?? {}
    const at = found.slice(0, 4).findIndex(one =>
      !docs[one.id].top && docs[one.id].page === docs[id].page && one.score > RANK.inside * score)
    if (at > 0 && docs[id].top) found.unshift(...found.splice(at, 1))
    return found.slice(0, SHOWN)
  }

  const find = question => {
    const groups = groupsOf(question)
    const like = (text, least) => match(text).filter(({ alike }) => alike >= least)
    let matches = like(question, RANK.alike)
    if (!matches[0]) // its words may be misspelt
      matches = like(question.replace(/[a-z]{3,}/gi, word => (known.has(plain(word)) ? word : near(plain(word))[0] ?? word)), RANK.known)
    const found = rank(groups, matches.length > 0 || errors.TYPE.test(question), question)
    putFirst(found, matches)
    const wanted = new Set(groups.flatMap(({ ways }) => ways.flatMap(({ terms }) => terms)))
    return spread(found).map(({ id, score }) => {
      const { address, anchor, where, title, said, text, top } = docs[id]
      return {
        address, anchor, score, where: top ? "" : where, said: said[0] ?? "",
        title: excerpt.pieces(title, wanted), text: excerpt.show(text.replaceAll("\n", " ").replaceAll("`", ""), wanted),
      }
    })
  }

  return { find, recognise: proven.recognise(docs, match) }
}
