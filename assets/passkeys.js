// Passkey buttons. The page works without this file: the buttons are then not shown, and password and code remain.
// A form asks for a challenge, hands it to the browser, and sends what comes back like any other form.

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

const toText = (buffer) => {
  let plain = ''
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte)
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const challengeOf = async (form) => {
  const token = form.querySelector('[name="csrf_token"]').value
  const answer = await fetch(form.dataset.options, {
    method: 'POST',
    headers: { 'X-CSRFToken': token },
    credentials: 'same-origin'
  })
  if (!answer.ok) throw new Error('no challenge')
  const options = await answer.json()
  options.challenge = toBytes(options.challenge)
  if (options.user) options.user.id = toBytes(options.user.id)
  for (const list of ['excludeCredentials', 'allowCredentials']) {
    options[list] = (options[list] ?? []).map((key) => ({ ...key, id: toBytes(key.id) }))
  }
  return options
}

const plainAnswer = (made) => {
  const response = { clientDataJSON: toText(made.response.clientDataJSON) }
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (made.response[part]) response[part] = toText(made.response[part])
  }
  return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response })
}

const start = (form) => {
  const problem = form.querySelector('[data-passkey-problem]')
  let busy = false
  form.hidden = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (busy) return
    busy = true
    problem.hidden = true
    try {
      const publicKey = await challengeOf(form)
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey })
      form.querySelector('[name="answer"]').value = plainAnswer(made)
      form.submit()
    } catch {
      problem.hidden = false
    } finally {
      busy = false
    }
  })
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll('form[data-passkey]').forEach(start)
}
