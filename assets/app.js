// Every page works without this file. It adds what GOV.UK Frontend adds: character counts,
// "show password", and the way out of a page by pressing Shift three times.
import { initAll } from './govuk-frontend.min.js'
import './idle.js'

// GOV.UK Frontend looks for these. Its own template sets them in an inline script, which our policy forbids.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
