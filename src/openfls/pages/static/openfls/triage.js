// Triage by one key a row. Without this file the radio buttons and the button below do the same.
// One row is marked and has the focus from the start. The keys answer for it while the focus is in the list or nowhere,
// never while somebody types; they can be turned off for good (WCAG 2.1.4), and a key held down answers once.

const list = document.getElementById('triage-list')
const form = document.getElementById('triage-form')
const said = document.getElementById('triage-said')
const undoForm = document.getElementById('triage-undo')
const onOff = document.getElementById('triage-keys-switch')
const ANSWERS = { e: 'enrol', n: 'not a fragility fracture', u: 'unsure' }
const KEPT_IN = 'openfls-triage-keys'

const rows = () => [...list.children]
const rowOf = (target) => target.closest('li[data-row]')
const marked = () => list.querySelector('li[data-marked]')
const nameOf = (row) => row.querySelector('h2').textContent.trim()
const radiosOf = (row) => [...row.querySelectorAll('input[type=radio]')]
const token = () => form.elements.csrfmiddlewaretoken.value
const keysAreOn = () => onOff.getAttribute('aria-pressed') === 'true'

function markRow (row) {
  for (const other of rows()) {
    other.tabIndex = other === row ? 0 : -1
    other.toggleAttribute('data-marked', other === row)
  }
}

function focusOn (row) {
  if (!row) return
  markRow(row)
  row.focus()
}

function step (row, by) {
  const all = rows()
  focusOn(all[Math.min(all.length - 1, Math.max(0, all.indexOf(row) + by))])
}

// The next row without an answer, else the first one that was left; when all are answered, what shows the next screen.
function goOnFrom (row) {
  const all = rows()
  const place = all.indexOf(row)
  const next = [...all.slice(place + 1), ...all.slice(0, place)].find((other) => !other.dataset.answer)
  if (next) focusOn(next)
  else form.querySelector('button[type=submit]').focus()
}

// One after the other: undo takes back the answer pressed last, not the last one that happened to be saved already.
let before = Promise.resolve()
function inTurn (act) {
  before = before.then(act, act)
  return before
}

// The browser's own words for a network that is down help nobody.
const wordsOf = (fault, otherwise) => fault instanceof TypeError || !fault.message ? otherwise : fault.message

async function send (address, body) {
  const response = await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json', 'X-CSRFToken': token() } })
  if (response.status === 503) throw new Error('the record is busy. Try again in a moment.')
  if (!response.ok || !(response.headers.get('Content-Type') || '').includes('json')) throw new Error('')
  return response.json()
}

function answerOf (row, answer) {
  const sent = new FormData()
  const id = row.dataset.row
  sent.set('row', id)
  sent.set(`answer-${id}`, answer)
  sent.set(`about-${id}`, form.elements[`about-${id}`].value)
  // Answered, undone and answered again within one screen is a new answer, not the first one sent twice.
  sent.set('form_mark', `${form.elements.form_mark.value}${row.dataset.times || ''}`)
  return sent
}

function tell (row, words, failed = false) {
  const place = row.querySelector('[data-said]')
  place.textContent = words
  place.classList.toggle('openfls-failed', failed)
  said.textContent = words ? `${nameOf(row)}: ${words}` : ''
}

async function answer (row, value) {
  const radio = radiosOf(row).find((input) => input.value === value)
  if (!radio || row.dataset.answer === value) return
  if (row.dataset.answer) { tell(row, `already answered: ${row.dataset.answer}. Press z to undo.`, true); return }
  radio.checked = true
  row.dataset.answer = value
  goOnFrom(row)
  tell(row, 'saving')
  try {
    const saved = await inTurn(() => send(form.action, answerOf(row, value)))
    if (!saved.answered) throw new Error('')
    tell(row, `saved: ${value}`)
    for (const input of row.querySelectorAll('input')) input.disabled = true // not sent again with the rest
    undoForm.hidden = false
  } catch (fault) {
    delete row.dataset.answer
    tell(row, `NOT saved: ${wordsOf(fault, 'try again, or use the button below the list.')}`, true)
  }
}

async function undo () {
  try {
    const taken = await inTurn(() => send(list.dataset.undo, new FormData(undoForm)))
    const row = rows().find((each) => each.dataset.row === taken.row)
    undoForm.hidden = !taken.left
    if (!row) { said.textContent = taken.row ? 'The last answer was taken back.' : 'There is nothing to undo.'; return }
    delete row.dataset.answer
    row.dataset.times = `${Number(row.dataset.times || 0) + 1}`
    for (const input of row.querySelectorAll('input')) { input.disabled = false; if (input.type === 'radio') input.checked = false }
    tell(row, 'taken back')
    focusOn(row)
  } catch (fault) {
    said.textContent = `NOT taken back: ${wordsOf(fault, 'try again.')}`
  }
}

// The row that a key is for, if it is for one: never what is typed into a box, nor a key on a link or button elsewhere.
function rowFor (target) {
  if (target.closest('input:not([type=radio]), textarea, select, [contenteditable]')) return null
  const nowhere = target === document.body || target === document.documentElement
  return rowOf(target) || (nowhere ? marked() : null)
}

function pressed (event) {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey) return
  const row = rowFor(event.target)
  if (!row) return
  const key = event.key.toLowerCase()
  const arrows = event.target.type !== 'radio' // there they choose
  if (ANSWERS[key]) { if (!event.repeat) answer(row, ANSWERS[key]) }
  else if (key === 'j' || (arrows && key === 'arrowdown')) step(row, 1)
  else if (key === 'k' || (arrows && key === 'arrowup')) step(row, -1)
  else if (key === 'z') { if (!event.repeat) undo() }
  else if (key === 'o') row.querySelector('h2 a').click()
  else return
  event.preventDefault()
}

function switchKeys (on) {
  onOff.setAttribute('aria-pressed', on)
  document.getElementById('triage-keys-how').hidden = !on
  try { localStorage.setItem(KEPT_IN, on ? 'on' : 'off') } catch { /* a browser that keeps nothing: on again next time */ }
}

const keptOff = () => { try { return localStorage.getItem(KEPT_IN) === 'off' } catch { return false } }

if (list) {
  markRow(rows()[0])
  switchKeys(!keptOff())
  onOff.addEventListener('click', () => switchKeys(!keysAreOn()))
  document.addEventListener('keydown', pressed)
  list.addEventListener('focusin', (event) => { const row = rowOf(event.target); if (row) markRow(row) })
  // From the start, but where somebody has no keys, or is on the way to somewhere else on the page.
  const free = document.activeElement === document.body && !location.hash
  if (keysAreOn() && free && matchMedia('(hover: hover) and (pointer: fine)').matches) focusOn(rows()[0])
  // A radio button alone is no answer yet: it is sent with the button below the list.
}
