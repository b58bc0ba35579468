// Starts axe on what a selector names, and leaves a promise of the violations.
({ within, onlyColours }) => {
  // Most of its time would go into the colours of programs. Of blocks whose words look
  // like others' before them, it need not read those again.
  const seen = new Set()
  const look = element => {
    const { color, backgroundColor, fontWeight } = getComputedStyle(element)
    return [color, backgroundColor, fontWeight].join()
  }
  const looks = block => {
    const own = look(block)
    const words = [...block.querySelectorAll("*")]
    return [own, ...words.map(word => [own, look(word.parentElement), look(word)].join())]
  }
  for (const block of document.querySelectorAll("pre code")) {
    const fresh = looks(block).filter(one => !seen.has(one))
    block.toggleAttribute("data-alike", !fresh.length)
    fresh.forEach(one => seen.add(one))
  }

  const resultTypes = ["violations"]
  const run = async () => {
    const { violations } = await axe.run(
      { include: [within], exclude: ["[data-alike]"] },
      { resultTypes, runOnly: ["color-contrast", "link-in-text-block"] }
    )
    if (onlyColours) return violations
    const off = { enabled: false }
    const rules = { "color-contrast": off, region: off } // region is never serious
    const others = await axe.run(within, { resultTypes, rules })
    return [...violations, ...others.violations]
  }
  window.found = new Promise(done => setTimeout(() => done(run())))
}
