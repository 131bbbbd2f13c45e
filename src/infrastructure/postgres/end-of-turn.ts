/** What waits for the end of this turn of the event loop, when all that has arrived by now was read. */
let waiting: (() => void)[] = [];

/** Calls when this turn ends; what is asked for meanwhile, in the same turn still. */
export function atEndOfTurn(callback: () => void): void {
  if (waiting.push(callback) === 1) setImmediate(callAll);
}

function callAll(): void {
  let called = 0;
  try {
    // The list grows while it is walked.
    for (const callback of waiting) {
      called++;
      callback();
    }
  } finally {
    // Of one that throws everybody is to know, but the others are not to wait for ever.
    waiting = waiting.slice(called);
    if (waiting.length > 0) setImmediate(callAll);
  }
}
