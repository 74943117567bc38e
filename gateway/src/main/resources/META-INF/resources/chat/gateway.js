/** The gateway's HTTP API, as far as this page needs it. */

/** A request that the gateway refused, or an answer that broke off. */
export class GatewayError extends Error {
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function headers(apiKey) {
  const result = { 'Content-Type': 'application/json' };
  if (apiKey) {
    result.Authorization = `Bearer ${apiKey}`;
  }
  return result;
}

async function check(response) {
  if (!response.ok) {
    const body = await response.json().catch(() => ({}));
    throw new GatewayError(body.error?.message ?? `the gateway answers ${response.status}`, response.status, body.error?.code);
  }
  return response;
}

/** The first model that is served: its `id`, and whether it `has_chat_template`. */
export async function servedModel(apiKey) {
  const response = await check(await fetch('v1/models', { headers: headers(apiKey) }));
  const models = await response.json();
  return models.data[0];
}

/** The JSON objects of a stream of server-sent events, until `[DONE]`. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      throw new GatewayError('the answer broke off');
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const data = line.startsWith('data:') ? line.slice('data:'.length).trim() : '';
      if (data === '[DONE]') {
        return;
      }
      if (data) {
        yield JSON.parse(data);
      }
    }
  }
}

async function* stream(path, body, apiKey, signal) {
  const options = { ...body, stream: true, stream_options: { include_usage: true } };
  const response = await check(
    await fetch(path, { method: 'POST', headers: headers(apiKey), body: JSON.stringify(options), signal }));
  for await (const event of events(response)) {
    if (event.error) {
      throw new GatewayError(event.error.message, undefined, event.error.code);
    }
    yield event;
  }
}

/**
 * The pieces of an assistant's answer to a conversation: text, the tokens behind it with their log-probabilities, and at the end
 * why it ended and how many tokens there were.
 */
export async function* chat(messages, settings, model, signal) {
  const body = { model, messages, logprobs: true, top_logprobs: settings.topLogprobs, ...settings.sampling() };
  for await (const event of stream('v1/chat/completions', body, settings.apiKey, signal)) {
    const choice = event.choices[0];
    yield {
      text: choice?.delta?.content ?? '',
      tokens: (choice?.logprobs?.content ?? []).map(token => ({
        text: token.token,
        logprob: token.logprob,
        alternatives: token.top_logprobs.map(other => ({ text: other.token, logprob: other.logprob })),
      })),
      finish: choice?.finish_reason ?? undefined,
      usage: event.usage ?? undefined,
    };
  }
}

/** As `chat`, for the continuation of a text. */
export async function* continuation(prompt, settings, model, signal) {
  const body = { model, prompt, logprobs: settings.topLogprobs, ...settings.sampling() };
  for await (const event of stream('v1/completions', body, settings.apiKey, signal)) {
    const choice = event.choices[0];
    const logprobs = choice?.logprobs;
    yield {
      text: choice?.text ?? '',
      tokens: (logprobs?.tokens ?? []).map((token, index) => ({
        text: token,
        logprob: logprobs.token_logprobs[index],
        alternatives: Object.entries(logprobs.top_logprobs?.[index] ?? {})
          .map(([text, logprob]) => ({ text, logprob }))
          .sort((one, other) => other.logprob - one.logprob),
      })),
      finish: choice?.finish_reason ?? undefined,
      usage: event.usage ?? undefined,
    };
  }
}
