/** The page: sends what the person writes, shows what comes back, and lets the person stop it. */
import { Figures } from './figures.js';
import { GatewayError, chat, continuation, servedModel } from './gateway.js';
import { Messages } from './messages.js';
import { Settings } from './settings.js';

const at = id => document.getElementById(id);
const settings = new Settings(at('settings'));
const messages = new Messages(at('messages'), edit);
/** The conversation so far: role and content of each message, as the gateway gets it. */
let conversation = [];
let model = '';
/** Ends the answer under way; null while there is none. */
let answering = null;

async function connect() {
  try {
    const served = await servedModel(settings.apiKey);
    model = served.id;
    at('model').textContent = model;
    if (!served.has_chat_template) {
      settings.continueTexts();
      at('model').textContent += ' (continues texts; it has no chat template)';
    }
  } catch (problem) {
    at('model').textContent = problem.message;
  }
}

function begin() {
  answering?.abort();
  conversation = [];
  messages.clear();
  at('figures').textContent = '';
  at('input').focus();
}

/** Takes the conversation back to before a message, whose text can be changed and sent again. */
function edit(index) {
  answering?.abort();
  const text = conversation[index].content;
  const before = conversation.slice(0, index);
  begin();
  before.forEach(show);
  conversation = before;
  at('input').value = text;
}

function show(message, index) {
  if (message.role === 'user') {
    messages.addUser(message.content, index);
  } else {
    messages.beginAnswer().add({ text: message.content, tokens: [] });
  }
}

/** The conversation without what got no answer: a refused message would be refused again, and templates take no empty answers. */
function answered() {
  return conversation.filter((message, index) => {
    const answer = message.role === 'user' ? conversation[index + 1] : message;
    return answer === undefined || answer.content !== '';
  });
}

function pieces(signal) {
  if (settings.mode === 'text') {
    return continuation(answered().map(message => message.content).join(''), settings, model, signal);
  }
  const system = settings.system ? [{ role: 'system', content: settings.system }] : [];
  return chat([...system, ...answered()], settings, model, signal);
}

/** Reads an answer to its end, and keeps as much of it as came. */
async function answer(current, signal) {
  const shown = messages.beginAnswer();
  const figures = new Figures();
  let text = '';
  let usage;
  let finish;
  try {
    if (!model) {
      await connect();
    }
    for await (const piece of pieces(signal)) {
      text += piece.text;
      usage = piece.usage ?? usage;
      finish = piece.finish ?? finish;
      figures.count(piece);
      shown.add(piece);
      at('figures').textContent = figures.line(usage, finish);
    }
  } catch (problem) {
    if (!signal.aborted) {
      throw problem;
    }
    at('figures').textContent = figures.line(usage, 'stopped');
  } finally {
    current.push({ role: 'assistant', content: text });
  }
}

async function send(text) {
  const current = conversation;
  current.push({ role: 'user', content: text });
  messages.addUser(text, current.length - 1);
  const ending = new AbortController();
  answering = ending;
  setBusy(true);
  try {
    await answer(current, ending.signal);
  } catch (problem) {
    report(problem);
  } finally {
    if (answering === ending) {
      answering = null;
      setBusy(false);
    }
  }
}

function report(problem) {
  messages.addError(problem instanceof GatewayError ? problem.message : `the gateway cannot be reached: ${problem.message}`);
  if (problem.status === 401) {
    openSettings();
  }
}

function setBusy(busy) {
  at('send').hidden = busy;
  at('stop').hidden = !busy;
}

function openSettings() {
  at('settings').hidden = false;
  at('toggle-settings').setAttribute('aria-expanded', 'true');
}

at('composer').addEventListener('submit', event => {
  event.preventDefault();
  const text = at('input').value;
  if (answering || !text.trim()) {
    return;
  }
  at('input').value = '';
  send(text);
});
at('input').addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    at('composer').requestSubmit();
  }
});
at('stop').addEventListener('click', () => answering?.abort());
at('new').addEventListener('click', begin);
at('toggle-settings').addEventListener('click', () => {
  const hidden = !at('settings').hidden;
  at('settings').hidden = hidden;
  at('toggle-settings').setAttribute('aria-expanded', String(!hidden));
});
at('settings').addEventListener('change', event => {
  if (event.target.name === 'api_key') {
    connect();
  }
});
connect();
