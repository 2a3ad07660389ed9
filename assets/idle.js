// Two things that a page needs while somebody writes on it for long. It works without this file: the sentence with its
// link stands on every page, and what is sent after the end is kept.

// A browser fills old words into a page by itself when somebody goes back. It must not, where the page is now made for
// somebody else than the words were typed by.
const madeFor = document.querySelector('meta[name="webelong-made-for"]')?.content
if (madeFor) {
  const before = history.state?.madeFor
  if (before && before !== madeFor) {
    const clear = () => { for (const form of document.querySelectorAll('form')) form.reset() }
    window.addEventListener('pageshow', () => setTimeout(clear))
  }
  history.replaceState({ ...history.state, madeFor }, '')
}

const WARN = 180
const warning = document.getElementById('idle-warning')

// Pages in other tabs keep the session too, and say so; nothing is stored.
const others = 'BroadcastChannel' in window ? new BroadcastChannel('webelong-seen') : null

if (warning?.showModal) {
  const idle = Number(warning.dataset.idle)
  let seen = Date.now()
  others?.postMessage('seen')
  others?.addEventListener('message', () => { seen = Date.now() })
  const isOver = (over) => {
    for (const one of warning.querySelectorAll('[data-idle-soon]')) one.hidden = over
    for (const one of warning.querySelectorAll('[data-idle-over]')) one.hidden = !over
  }
  const look = () => {
    const left = idle - (Date.now() - seen) / 1000
    if (left > WARN) {
      if (warning.open && !warning.querySelector('[data-idle-soon]').hidden) warning.close()
      return
    }
    isOver(left <= 0)
    if (!warning.open && !warning.dataset.told) {
      warning.showModal()
      if (left <= 0) warning.dataset.told = 'over'
    } else if (left <= 0) warning.dataset.told = 'over'
  }
  warning.addEventListener('close', async () => {
    if (warning.dataset.told) return
    const answer = await fetch(warning.dataset.url, { credentials: 'same-origin' }).catch(() => null)
    if (answer?.ok && !answer.redirected) {
      seen = Date.now()
      others?.postMessage('seen')
    } else {
      isOver(true)
      warning.dataset.told = 'over'
      warning.showModal()
    }
  })
  setInterval(look, 10000)
}
