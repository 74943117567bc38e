// Continues a prompt and prints the tokens as they come.
//   cd docs/examples && npm install && node generate.js 127.0.0.1:9000 "In the beginning"
import { connect, deadline } from './gateway.js';

const [address, prompt] = process.argv.slice(2);
const gateway = connect(address);
const stream = gateway.Generate({ prompt, maxTokens: 16 }, deadline(60));

stream.on('data', (response) => {
  if (response.event === 'token') {
    process.stdout.write(response.token.text ?? '');
  } else if (response.event === 'finished') {
    console.log(response.finished.text ?? '');
  }
});
stream.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
stream.on('close', () => gateway.close());
