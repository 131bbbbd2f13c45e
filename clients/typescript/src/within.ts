/**
 * A signal that is aborted with `signal`, or else after `ms`. Unlike `AbortSignal.any` with `AbortSignal.timeout`, of which
 * Node.js may collect the timer as garbage before it fires, so that who waits would wait for ever.
 */
export function within(ms: number, signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', follow);
    controller.abort(new DOMException(`No answer within ${ms} ms`, 'TimeoutError'));
  }, ms);
  // Where there are processes, none is to wait for it.
  if (typeof timer === 'object') timer.unref();
  return controller.signal;
}
