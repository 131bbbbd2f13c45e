/** What waits for the end of this turn of the event loop, when all that has arrived by now was read. */
let waiting: (() => void)[] = [];

/** Calls when this turn ends; what is asked for meanwhile, in the same turn still. */
export function atEndOfTurn(callback: () => void): void {
  if (waiting.push(callback) === 1) setImmediate(callAll);
}

function callAll(): void {
  // The list grows while it is walked.
  for (const callback of waiting) callback();
  waiting = [];
}
