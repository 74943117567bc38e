/** Times one answer, and says how it went. */
export class Figures {
  #start = performance.now();
  #first;
  #last;
  #tokens = 0;

  /** Counts a piece of the answer. */
  count(piece) {
    const tokens = piece.tokens.length;
    if (tokens > 0) {
      this.#last = performance.now();
      this.#first ??= this.#last;
      this.#tokens += tokens;
    }
  }

  /** One line for people. */
  line(usage, finish) {
    if (this.#first === undefined) {
      return '';
    }
    const parts = [`first token after ${((this.#first - this.#start) / 1000).toFixed(2)} s`];
    if (this.#tokens > 1 && this.#last > this.#first) {
      parts.push(`${((1000 * (this.#tokens - 1)) / (this.#last - this.#first)).toFixed(1)} tokens/s`);
    }
    parts.push(usage ? `${usage.prompt_tokens} prompt tokens, ${usage.completion_tokens} generated` : `${this.#tokens} tokens`);
    if (finish) {
      parts.push({ stop: 'complete', length: 'cut at the most tokens', stopped: 'stopped by you' }[finish] ?? finish);
    }
    return parts.join(' · ');
  }
}
