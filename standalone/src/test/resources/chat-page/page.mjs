/** Uses the chat page as a person would, and tells what is seen: `node page.mjs URL BROWSER SCREENSHOT`. */
import { chromium } from 'playwright-core';

const [url, executablePath, screenshot] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1000, height: 760 } });
page.setDefaultTimeout(30_000);
const problems = [];
page.on('console', message => message.type() === 'error' && problems.push(message.text()));
page.on('pageerror', error => problems.push(String(error)));

const seen = {};
await page.goto(url);
await page.waitForFunction(() => !document.getElementById('model').textContent.startsWith('connecting'));
seen.model = await page.textContent('#model');

async function set(name, value) {
  await page.fill(`#settings [name=${name}]`, value);
  await page.dispatchEvent(`#settings [name=${name}]`, 'change');
}

async function say(text) {
  await page.fill('#input', text);
  await page.press('#input', 'Enter');
}

async function answered() {
  await page.waitForSelector('#send:not([hidden])');
  return page.textContent('article:last-of-type .text');
}

await page.click('#toggle-settings');
await set('temperature', '0');
await set('max_tokens', '24');
await say('In the beginning');
seen.answer = await answered();
seen.figures = await page.textContent('#figures');
seen.tokens = await page.locator('article:last-of-type .token').count();

await page.click('#toggle-settings');
await page.hover('article:last-of-type .token >> nth=2');
seen.alternatives = await page.locator('#alternatives tr').allTextContents();
seen.chosen = await page.textContent('#alternatives .chosen');
await page.screenshot({ path: screenshot });

await page.mouse.move(0, 0);
await page.click('article.user >> nth=0 >> .edit');
seen.edited = await page.inputValue('#input');
seen.messagesAfterEdit = await page.locator('article').count();
await say('And the king');
seen.secondAnswer = await answered();

await page.click('#new');
await page.evaluate(() => {
  const stop = new MutationObserver(() => document.querySelector('.token') && document.getElementById('stop').click());
  stop.observe(document.getElementById('messages'), { childList: true, subtree: true });
});
await say('In the beginning');
await answered();
seen.stopped = await page.textContent('#figures');
seen.tokensBeforeStop = await page.locator('.token').count();

await page.click('#toggle-settings');
await set('top_p', '7');
await page.click('#new');
await say('In the beginning');
await page.waitForSelector('article.error');
seen.refusal = await page.textContent('article.error');

await set('top_p', '1');
const request = page.waitForRequest('**/v1/chat/completions');
await say('And the king');
seen.sentAfterRefusal = (await request).postDataJSON().messages.map(message => message.content);
await answered();

await page.evaluate(() => localStorage.setItem('tributary.settings', '{'));
await page.reload();
await page.waitForFunction(() => !document.getElementById('model').textContent.startsWith('connecting'));
seen.modelAfterDamage = await page.textContent('#model');

seen.problems = problems.filter(problem => !problem.includes('400'));
await browser.close();
console.log(JSON.stringify(seen));
