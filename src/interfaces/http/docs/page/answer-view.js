/** @import { Outcome } from './call.js' */
import { element } from './element.js';

/** Of the headers, those that say something about the answer rather than about the connection. */
const TELLING = ['etag', 'location', 'link', 'idempotency-replayed', 'retry-after', 'allow', 'x-request-id'];

/**
 * @param {Outcome} outcome
 * @param {string} verdict
 */
export function answerView({ status, reason, milliseconds, headers, text }, verdict) {
  const told = TELLING.flatMap((name) => headers.filter(([header]) => header === name));
  return element(
    'div',
    { class: 'answer' },
    element(
      'p',
      { class: 'status' },
      element('strong', { class: `status-${String(status)[0]}` }, `${status} ${reason}`),
      element('span', { class: 'verdict' }, verdict),
      element('span', { class: 'duration' }, `${milliseconds} ms`),
    ),
    element('dl', {}, ...told.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])),
    text === '' ? element('p', { class: 'quiet' }, 'No body.') : element('pre', { tabindex: '0' }, ...coloured(text)),
  );
}

/** @param {string} message */
export const failureView = (message) =>
  element(
    'div',
    { class: 'answer' },
    element('p', { class: 'status' }, element('strong', { class: 'status-5' }, message)),
  );

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?/g;

/**
 * JSON, indented, with its kinds of values told apart.
 * @param {string} text
 */
function coloured(text) {
  const json = indented(text);
  /** @type {(string | Node)[]} */
  const parts = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [token, string, colon] = match;
    const kind = colon !== undefined ? 'name' : string !== undefined ? 'text' : 'literal';
    parts.push(json.slice(end, match.index), element('span', { class: kind }, string ?? token), colon ?? '');
    end = match.index + token.length;
  }
  return [...parts, json.slice(end)];
}

/** @param {string} text */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
