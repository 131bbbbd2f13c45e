/** @import { Operation } from './openapi.js' */

/**
 * A request before it is sent.
 * @typedef {object} Call
 * @property {string} method
 * @property {string} target path and query
 * @property {Record<string, string>} headers
 * @property {string | undefined} body
 *
 * @typedef {object} Outcome
 * @property {number} status
 * @property {string} reason
 * @property {number} milliseconds
 * @property {[string, string][]} headers
 * @property {string} text
 */

/**
 * @param {Operation} operation
 * @param {Readonly<Record<string, string>>} values of parameters, by name; an empty one is none
 * @param {string} body none if empty
 * @returns {Call}
 */
export function callOf({ method, path, parameters, body: described }, values, body) {
  const given = parameters.filter(({ name }) => values[name]);
  const valuesOf = (/** @type {string} */ place) =>
    given.filter((one) => one.in === place).map(({ name }) => /** @type {[string, string]} */ ([name, values[name]]));
  const query = new URLSearchParams(valuesOf('query')).toString();
  const target = path.replaceAll(/\{(\w+)\}/g, (slot, name) => encodeURIComponent(values[name] ?? '') || slot);
  return {
    method,
    target: query === '' ? target : `${target}?${query}`,
    headers: {
      ...(described && body !== '' && { 'Content-Type': described.mediaType }),
      ...Object.fromEntries(valuesOf('header')),
    },
    body: described && body !== '' ? body : undefined,
  };
}

/** Relative to the page, which a gateway may have put below a prefix. */
const addressOf = (/** @type {Call} */ { target }) => new URL(`.${target}`, document.baseURI).href;

/** @param {Call} call */
export function curlOf(call) {
  const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  const method = call.method === 'GET' ? '' : ` -X ${call.method}`;
  const headers = Object.entries(call.headers).map(([name, value]) => ` \\\n  -H ${quoted(`${name}: ${value}`)}`);
  const body = call.body === undefined ? '' : ` \\\n  -d ${quoted(call.body)}`;
  return `curl -i${method} ${quoted(addressOf(call))}${headers.join('')}${body}`;
}

/**
 * @param {Call} call
 * @returns {Promise<Outcome>}
 */
export async function send(call) {
  const { method, headers, body } = call;
  const began = performance.now();
  const answer = await fetch(addressOf(call), {
    method,
    headers,
    cache: 'no-store',
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    reason: answer.statusText,
    milliseconds: Math.round(performance.now() - began),
    headers: [...answer.headers],
    text,
  };
}
