// Asks a server with OpenAI's own client, and prints what the client made of the answers as one JSON object.
import OpenAI from "openai";

const [baseURL] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0, timeout: 60_000 });
const model = "kjv-chat";
const messages = [{ role: "user", content: "In the beginning" }];
const tools = [
  {
    type: "function",
    function: {
      name: "anoint",
      description: "Makes somebody king.",
      parameters: {
        type: "object",
        properties: { king: { enum: ["Saul", "David"] } },
        required: ["king"],
        additionalProperties: false,
      },
    },
  },
];
const seen = {};

seen.models = (await client.models.list()).data.map((entry) => entry.id);

const whole = await client.chat.completions.create({ model, messages, max_tokens: 12, temperature: 0 });
seen.whole = whole.choices[0].message.content;
seen.usage = whole.usage;

seen.streamed = "";
const stream = await client.chat.completions.create({
  model,
  messages,
  max_tokens: 12,
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  seen.streamed += chunk.choices[0]?.delta?.content ?? "";
  seen.streamedUsage = chunk.usage ?? seen.streamedUsage;
}

const called = await client.chat.completions.create({
  model,
  messages,
  tools,
  tool_choice: "required",
  temperature: 0,
});
seen.called = called.choices[0];

const calling = client.chat.completions.stream({ model, messages, tools, tool_choice: "required", temperature: 0 });
seen.streamedCall = (await calling.finalChatCompletion()).choices[0].message.tool_calls[0].function;

const formed = await client.chat.completions.create({
  model,
  messages,
  temperature: 0,
  response_format: {
    type: "json_schema",
    json_schema: { name: "king", schema: tools[0].function.parameters, strict: true },
  },
});
seen.formed = JSON.parse(formed.choices[0].message.content);

seen.embedding = (await client.embeddings.create({ model, input: "the king" })).data[0].embedding;

async function refusal(ask) {
  try {
    await ask();
    return { none: true };
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, code: error.code, param: error.param };
  }
}

seen.wrongValue = await refusal(() => client.chat.completions.create({ model, messages, top_p: 3 }));
seen.wrongModel = await refusal(() => client.chat.completions.create({ model: "gpt-4", messages }));
seen.tooLong = await refusal(() => client.completions.create({ model, prompt: "word ".repeat(200) }));

// Last, so that whoever started this can look for the session.
const cancelled = await client.completions.create({
  model,
  prompt: "In the beginning",
  max_tokens: 120,
  stream: true,
  ignore_eos: true,
});
for await (const _ of cancelled) {
  cancelled.controller.abort();
  break;
}
console.log(JSON.stringify(seen));
