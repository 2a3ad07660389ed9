// Signing out, or Exit, where there was no signal: finished with the first page that arrives, before it shows anything.
// `wb-out` has the mark of the session that must end. The mark opens nothing: it is part of a token, without its seal.
(function () {
  let out = null
  try {
    out = localStorage.getItem('wb-out')
  } catch { /* a browser that keeps nothing */ }
  if (!out) return
  const root = document.documentElement
  root.style.visibility = 'hidden'
  document.addEventListener('DOMContentLoaded', function () {
    const form = document.querySelector('form[action$="/sign-out"]')
    const token = form?.querySelector('[name="csrf_token"]')?.value
    if (token?.split('~')[0].split('.').slice(0, -2).join('.') === out) return HTMLFormElement.prototype.submit.call(form)
    // A page of nobody, or of a session after it: it has ended. A page that could not look says neither.
    if (token || document.querySelector('meta[name="webelong-made-for"]')?.content === 'nobody') {
      if (!document.querySelector('[data-room-shell]')) localStorage.removeItem('wb-out')
    }
    root.style.visibility = ''
  })
})()
