// Every page works without this file. It adds what GOV.UK Frontend adds: character counts,
// "show password", and the way out of a page by pressing Shift three times.
import { initAll } from './govuk-frontend.min.js'
import './idle.js'
import { isWaiting, leave, leftMark, othersWait, sessionMarkOf, tidy } from './room-store.js'

// GOV.UK Frontend looks for these. Its own template sets them in an inline script, which our policy forbids.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

// ---- what the room companion keeps on a phone, and the ways out

const me = document.querySelector('meta[name="webelong-made-for"]')?.content
// The page of the room without a signal is of nobody: it says nothing of who sits here.
if (!document.querySelector('[data-room-shell]')) tidy(me)

const signOut = document.querySelector('.wb-inline-form[action$="/sign-out"]')
// Somebody else's marks wait here: the service then leaves the rest of the browser's storage to us.
const ways = (path) => `${path}${othersWait(me) ? '?waiting=1' : ''}`
const isLeave = (link) => link?.pathname === '/leave'
for (const link of document.querySelectorAll('a')) if (isLeave(link)) link.href = ways('/leave')

// From here on nothing of this session comes back; `out.js` finishes what finds no signal now.
function goOut () {
  leftMark(sessionMarkOf(signOut?.elements.csrf_token?.value))
  leave(me)
}
document.addEventListener('click', (event) => { if (isLeave(event.target.closest('a'))) goOut() }, true)
// Pressing Shift three times leaves without a click.
addEventListener('pagehide', () => { if (document.body.classList.contains('govuk-exit-this-page-hide-content')) goOut() })

async function endSession (form, address, says) {
  const patience = new AbortController()
  setTimeout(() => patience.abort(), 10000)
  try {
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(new FormData(form)), signal: patience.signal })
    if (answer.ok) return location.replace(answer.url)
    return HTMLFormElement.prototype.submit.call(form)
  } catch {
    says.textContent = says.dataset.offline
    return setTimeout(() => endSession(form, address, says), 5000)
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.getAttribute('action') !== '/sign-out') return
  const note = document.querySelector('[data-room-waits]')
  // The room says so itself, also of what no database keeps.
  const isAsked = 'asked' in form.dataset || (dispatchEvent(new Event('webelong-out', { cancelable: true })) && !isWaiting(me))
  event.preventDefault()
  if (!isAsked) {
    event.stopImmediatePropagation()
    form.dataset.asked = 'yes'
    if (!note) return
    note.hidden = false
    note.firstElementChild.textContent = note.dataset.leaves
    note.scrollIntoView({ block: 'nearest' })
    return
  }
  const says = document.querySelector('[data-out]')
  const address = ways('/sign-out')
  goOut()
  if (says) {
    document.body.classList.add('wb-out')
    says.hidden = false
    endSession(form, address, says.querySelector('p'))
  } else HTMLFormElement.prototype.submit.call(form)
}, true)

// What was marked in the room and not sent goes with whichever page opens next.
const waiting = document.querySelector('[data-room-waits]')
if (waiting && isWaiting(me)) import('./room-send.js').then(({ sendWaiting }) => sendWaiting(me, waiting))
