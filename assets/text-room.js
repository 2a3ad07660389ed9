// How much of one text message is left for what somebody types, by Notify's own table, and which letters it cannot carry.
// Without this file the page says so once it is sent. The same table: `app/messages/words.py` (a test compares them).
const ONCE = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
const TWICE = '^{}\\[~]|€'
const PLAIN = { '’': "'", '‘': "'", '“': '"', '”': '"', '–': '-', '—': '-', '…': '...', '\u00a0': ' ' }
const bare = (letter) => letter.normalize('NFKD').replace(/\p{M}/gu, '')

function measure (words, open) {
  let length = 0
  const cannot = new Set()
  const filled = words.replace(/\(\(([^()]*)\)\)/g, (whole, name) => 'x'.repeat(open[name.trim().toLowerCase()] ?? whole.length))
  for (const letter of filled.normalize('NFC')) {
    for (const sign of PLAIN[letter] ?? letter) {
      if (TWICE.includes(sign)) length += 2
      else length += 1
      if (!ONCE.includes(sign) && !TWICE.includes(sign) && ![...bare(sign)].every((one) => ONCE.includes(one))) cannot.add(sign)
    }
  }
  return { length, cannot: [...cannot] }
}

for (const says of document.querySelectorAll('[data-text-room]')) {
  const box = document.getElementById(says.dataset.for)
  const open = JSON.parse(says.dataset.open || '{}')
  const show = () => {
    const { length, cannot } = measure(box.value.trim(), open)
    const left = Number(says.dataset.room) - length
    const words = cannot.length
      ? says.dataset.cannot.replace('#', cannot.join(' '))
      : (left < 0 ? says.dataset.over : says.dataset.left).replace('#', Math.abs(left))
    if (says.textContent !== words) says.textContent = words
  }
  if (box) {
    box.addEventListener('input', show)
    show()
  }
}
