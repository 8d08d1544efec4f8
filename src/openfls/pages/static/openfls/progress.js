// While something is under way, says every few seconds how far it is, and shows the page anew at the end.
// Without this file the page has a link that looks again.
const under = document.querySelector('[data-progress]')
const PAUSE = 3000

async function look () {
  try {
    const reply = await fetch(under.dataset.progress, { headers: { Accept: 'application/json' } })
    const told = await reply.json()
    if (!told.under_way) return window.location.reload()
    const words = under.querySelector('[data-words]')
    if (words.textContent !== told.words) words.textContent = told.words
  } catch {
    return // signed out, or the service is away: the link is still there
  }
  setTimeout(look, PAUSE)
}

if (under) setTimeout(look, PAUSE)
