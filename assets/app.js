// The page works without this file. It adds what GOV.UK Frontend adds: character
// counts, "show password", and the three-presses-of-Shift way out of a page.
import { initAll } from './govuk-frontend.min.js'

initAll()
