// What somebody types stays on this device until the server has it: in forms that hold `data-draft`, by itself
// ("always") or where the person ticks the box ("ask"). A draft belongs to one account in one role (the page says whose
// it is), to one address, and lives for a day. Whoever signs out, leaves by Exit, or is signed out finds none.
const PREFIX = 'wb-draft:'
const DAY = 24 * 60 * 60 * 1000
const NOBODY = 'nobody'
const OWN = ['csrf_token', 'draft']

const meta = (name) => {
  const found = document.querySelector(`meta[name="${name}"]`)
  return found ? found.content : ''
}
const owner = meta('webelong-made-for') || NOBODY

function all () {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  } catch { // a browser that keeps nothing: everything works as without this file
    return []
  }
}

function read (key) {
  try {
    return JSON.parse(localStorage.getItem(key))
  } catch {
    return null
  }
}

function write (key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft))
  } catch { /* full, or shut */ }
}

function forget (keys) {
  for (const key of keys) localStorage.removeItem(key)
}

function tidy () {
  const sent = meta('webelong-drafts-sent').split(' ')
  forget(all().filter((key) => {
    const draft = read(key)
    const isOurs = owner !== NOBODY && key.startsWith(`${PREFIX}${owner}:`)
    return !isOurs || !draft || draft.at < Date.now() - DAY || sent.includes(draft.id)
  }))
}

function typedIn (form) {
  const fields = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && !OWN.includes(name)) (fields[name] = fields[name] || []).push(value)
  }
  return fields
}

function putBack (form, fields) {
  const used = {}
  for (const field of form.elements) {
    if (!field.name || OWN.includes(field.name) || ['file', 'password', 'submit', 'button'].includes(field.type)) continue
    const values = fields[field.name] || []
    if (field.type === 'radio' || field.type === 'checkbox') {
      field.checked = values.includes(field.value)
    } else if (values.length) {
      used[field.name] = used[field.name] || 0
      const value = values[used[field.name]++]
      if (value !== undefined) field.value = value
    }
  }
}

function newId () {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function keep (box) {
  const form = box.closest('form')
  const key = `${PREFIX}${owner}:${location.pathname}`
  const choice = box.querySelector('[data-draft-choice]')
  const notice = box.querySelector('[data-draft-notice]')
  const fresh = typedIn(form)
  let draft = read(key)
  box.hidden = false

  const id = document.createElement('input')
  id.type = 'hidden'
  id.name = 'draft'
  id.value = draft ? draft.id : newId()
  form.append(id)

  const save = () => {
    if (choice && !choice.checked) return
    draft = { id: id.value, at: Date.now(), fields: typedIn(form) }
    write(key, draft)
  }
  if (draft && choice) choice.checked = true
  // A page that names mistakes shows what was typed already.
  const isAnswer = document.querySelector('.govuk-error-summary') !== null
  if (draft && !isAnswer && JSON.stringify(draft.fields) !== JSON.stringify(fresh)) {
    putBack(form, draft.fields)
    notice.hidden = false
  } else if (draft && isAnswer) {
    save()
  }
  box.querySelector('[data-draft-drop]').addEventListener('click', () => {
    forget([key])
    putBack(form, fresh)
    notice.hidden = true
  })
  if (choice) choice.addEventListener('change', () => { if (!choice.checked) forget([key]) })
  form.addEventListener('input', save)
  form.addEventListener('change', save)
  form.addEventListener('submit', save)
}

tidy()
if (owner !== NOBODY) document.querySelectorAll('form [data-draft]').forEach(keep)
document.addEventListener('click', (event) => {
  // The whole path: a parent's page for leaving a group ends alike.
  if (event.target.closest('a')?.pathname === '/leave') forget(all())
})
document.addEventListener('submit', (event) => {
  if (event.target.action.endsWith('/sign-out')) forget(all())
})
