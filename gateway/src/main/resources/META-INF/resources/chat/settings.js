/** How answers are sampled, as the form has it; kept in this browser, except for the API key, which lasts as long as the tab. */
const KEPT = 'tributary.settings';
const KEY = 'tributary.api-key';
const TOP_LOGPROBS = 5;

/** What was kept; nothing if it is damaged. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

export class Settings {
  #form;

  constructor(form) {
    this.#form = form;
    this.#restore();
    form.addEventListener('change', () => this.#keep());
    form.addEventListener('submit', event => event.preventDefault());
  }

  get mode() {
    return this.#value('mode');
  }

  /** What is asked of a model that knows no conversations. */
  continueTexts() {
    this.#form.elements.mode.value = 'text';
  }

  get system() {
    return this.#value('system').trim();
  }

  get apiKey() {
    return this.#value('api_key').trim();
  }

  /** The part of a request that says how tokens are chosen. */
  sampling() {
    const body = { max_tokens: this.#number('max_tokens') };
    for (const name of ['temperature', 'top_p', 'top_k', 'min_p', 'repetition_penalty', 'seed']) {
      const value = this.#number(name);
      if (value !== undefined) {
        body[name] = value;
      }
    }
    return body;
  }

  get topLogprobs() {
    return TOP_LOGPROBS;
  }

  #value(name) {
    return this.#form.elements[name].value;
  }

  #number(name) {
    const text = this.#value(name);
    return text === '' ? undefined : Number(text);
  }

  #restore() {
    for (const [name, value] of Object.entries(kept())) {
      if (this.#form.elements[name]) {
        this.#form.elements[name].value = value;
      }
    }
    this.#form.elements.api_key.value = sessionStorage.getItem(KEY) ?? '';
  }

  #keep() {
    const values = Object.fromEntries(new FormData(this.#form));
    sessionStorage.setItem(KEY, values.api_key);
    delete values.api_key;
    localStorage.setItem(KEPT, JSON.stringify(values));
  }
}
