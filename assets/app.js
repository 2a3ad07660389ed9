// Every page works without this file. It adds what GOV.UK Frontend adds: character counts,
// "show password", and the way out of a page by pressing Shift three times.
import { initAll } from './govuk-frontend.min.js'
import './idle.js'
import { leave, tidy } from './room-store.js'

// GOV.UK Frontend looks for these. Its own template sets them in an inline script, which our policy forbids.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

// What the room companion keeps on a phone goes with whoever signs out or leaves, also where there is no signal.
tidy()
document.addEventListener('click', (event) => { if (event.target.closest('a')?.pathname === '/leave') leave() })
// Pressing Shift three times leaves without a click.
addEventListener('pagehide', () => { if (document.body.classList.contains('govuk-exit-this-page-hide-content')) leave() })
document.addEventListener('submit', (event) => { if (event.target.action.endsWith('/sign-out')) leave() })
