// A conversation: each argument behind the address is a turn.
//   cd docs/examples && npm install && node chat.js 127.0.0.1:9000 "Hello" "And then?"
import { connect, deadline } from './gateway.js';

const [address, ...texts] = process.argv.slice(2);
const gateway = connect(address);
const call = gateway.Chat(deadline(120));

function ask() {
  const content = texts.shift();
  if (content === undefined) {
    call.end();
  } else {
    call.write({ turn: { messages: [{ role: 'user', content }], maxTokens: 8 } });
  }
}

call.on('data', (response) => {
  if (response.event === 'started') {
    process.stdout.write(`turn ${response.started.turn}:`);
  } else if (response.event === 'token') {
    process.stdout.write(response.token.text ?? '');
  } else {
    console.log(response.finished.text ?? '');
    ask();
  }
});
call.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
call.on('close', () => gateway.close());
ask();
