/** The conversation as it is seen. */

/** A token less likely than this is marked. */
const UNSURE = 0.5;

const percent = logprob => `${(100 * Math.exp(logprob)).toFixed(1)} %`;
const visible = text => JSON.stringify(text).slice(1, -1).replaceAll(' ', '·') || '(nothing)';

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

export class Messages {
  #place;
  #onEdit;

  /** `onEdit(index)` is called when the person wants to change the message with this index. */
  constructor(place, onEdit) {
    this.#place = place;
    this.#onEdit = onEdit;
    place.addEventListener('pointerover', event => showAlternatives(event.target.closest?.('.token')));
    place.addEventListener('pointerout', () => showAlternatives(null));
    place.addEventListener('focusin', event => showAlternatives(event.target.closest?.('.token')));
    place.addEventListener('focusout', () => showAlternatives(null));
  }

  clear() {
    this.#place.replaceChildren();
  }

  addUser(text, index) {
    const message = this.#add('user');
    const edit = element('button', 'edit', 'Edit');
    edit.type = 'button';
    edit.addEventListener('click', () => this.#onEdit(index));
    message.append(edit, element('div', 'text', text));
  }

  addError(text) {
    this.#add('error').append(element('div', 'text', text));
  }

  /** Begins an answer, to which pieces are added as they come. */
  beginAnswer() {
    const text = element('div', 'text');
    this.#add('assistant').append(text);
    return {
      add: piece => {
        const atEnd = this.#isAtEnd();
        text.append(...spans(piece));
        if (atEnd) {
          this.#scrollToEnd();
        }
      },
    };
  }

  #add(role) {
    const message = element('article', `message ${role}`);
    this.#place.append(message);
    this.#scrollToEnd();
    return message;
  }

  #isAtEnd() {
    return this.#place.scrollHeight - this.#place.scrollTop - this.#place.clientHeight < 80;
  }

  #scrollToEnd() {
    this.#place.scrollTop = this.#place.scrollHeight;
  }
}

/** One span a token if the tokens make up the text; text that was held back comes with the last of them. */
function spans(piece) {
  const joined = piece.tokens.map(token => token.text).join('');
  if (piece.tokens.length > 1 && joined === piece.text) {
    return piece.tokens.map(token => span(token.text, token));
  }
  return piece.text ? [span(piece.text, piece.tokens.at(-1))] : [];
}

function span(text, token) {
  if (!token) {
    return document.createTextNode(text);
  }
  const made = element('span', 'token', text);
  made.tabIndex = 0;
  made.token = token;
  made.classList.toggle('unsure', Math.exp(token.logprob) < UNSURE);
  return made;
}

function showAlternatives(target) {
  document.getElementById('alternatives')?.remove();
  if (!target) {
    return;
  }
  const box = element('div', '');
  box.id = 'alternatives';
  box.setAttribute('role', 'tooltip');
  box.append(table(target.token));
  document.body.append(box);
  const place = target.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.offsetWidth - 8))}px`;
  const above = place.top - box.offsetHeight - 6;
  box.style.top = `${above > 8 ? above : place.bottom + 6}px`;
}

function table(token) {
  const rows = document.createElement('table');
  const listed = token.alternatives.some(other => other.text === token.text);
  for (const other of listed ? token.alternatives : [token, ...token.alternatives]) {
    const row = rows.insertRow();
    row.className = other.text === token.text ? 'chosen' : '';
    row.insertCell().textContent = visible(other.text);
    row.insertCell().textContent = percent(other.logprob);
  }
  return rows;
}
