// Triage by one key a row. Without this file the radio buttons and the button below do the same.
// The keys work only while the list has the focus, so that they disturb nobody who types or uses a screen reader's keys.

const list = document.getElementById('triage-list')
const form = document.getElementById('triage-form')
const said = document.getElementById('triage-said')
const undoForm = document.getElementById('triage-undo')
const ANSWERS = { e: 'enrol', n: 'not a fragility fracture', u: 'unsure' }

const rows = () => [...list.children]
const rowOf = (target) => target.closest('li[data-row]')
const nameOf = (row) => row.querySelector('h2').textContent.trim()
const token = () => form.elements.csrfmiddlewaretoken.value

function focusOn (row) {
  if (!row) return
  for (const other of rows()) other.tabIndex = -1
  row.tabIndex = 0
  row.focus()
}

function step (row, by) {
  const all = rows()
  focusOn(all[Math.min(all.length - 1, Math.max(0, all.indexOf(row) + by))])
}

// One after the other: undo takes back the answer pressed last, not the last one that happened to be saved already.
let before = Promise.resolve()
function inTurn (act) {
  before = before.then(act, act)
  return before
}

// The browser's own words for a network that is down help nobody.
const UNKNOWN = 'try again, or use the button below the list.'
const wordsOf = (fault) => fault instanceof TypeError ? UNKNOWN : fault.message

async function send (address, body) {
  const response = await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json', 'X-CSRFToken': token() } })
  if (response.status === 503) throw new Error('the record is busy. Try again in a moment.')
  if (!response.ok || !(response.headers.get('Content-Type') || '').includes('json')) throw new Error(UNKNOWN)
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

function mark (row, words, failed = false) {
  const place = row.querySelector('[data-said]')
  place.textContent = words
  place.classList.toggle('openfls-failed', failed)
  said.textContent = words ? `${nameOf(row)}: ${words}` : ''
}

async function answer (row, value) {
  const radio = [...row.querySelectorAll('input[type=radio]')].find((input) => input.value === value)
  if (!radio || row.dataset.answer === value) return
  if (row.dataset.answer) { mark(row, `already answered: ${row.dataset.answer}. Press z to undo.`, true); return }
  radio.checked = true
  row.dataset.answer = value
  mark(row, 'saving')
  try {
    const saved = await inTurn(() => send(form.action, answerOf(row, value)))
    if (!saved.answered) throw new Error(UNKNOWN)
    mark(row, `saved: ${value}`)
    for (const input of row.querySelectorAll('input')) input.disabled = true // not sent again with the rest
    undoForm.hidden = false
  } catch (fault) {
    delete row.dataset.answer
    mark(row, `NOT saved: ${wordsOf(fault)}`, true)
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
    mark(row, 'taken back')
    focusOn(row)
  } catch (fault) {
    said.textContent = `NOT taken back: ${wordsOf(fault)}`
  }
}

function pressed (event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const row = rowOf(event.target)
  if (!row) return
  const key = event.key.toLowerCase()
  const onRow = event.target === row
  if (ANSWERS[key]) { answer(row, ANSWERS[key]); step(row, 1) }
  else if (key === 'j' || (onRow && key === 'arrowdown')) step(row, 1)
  else if (key === 'k' || (onRow && key === 'arrowup')) step(row, -1)
  else if (key === 'z') undo()
  else if (key === 'o') row.querySelector('h2 a').click()
  else return
  event.preventDefault()
}

if (list) {
  rows().forEach((row, place) => { row.tabIndex = place ? -1 : 0 })
  list.addEventListener('keydown', pressed)
  list.addEventListener('focusin', (event) => {
    const row = rowOf(event.target)
    if (row) for (const other of rows()) other.tabIndex = other === row ? 0 : -1
  })
  // A radio button alone is no answer yet: it is sent with the button below the list.
}
