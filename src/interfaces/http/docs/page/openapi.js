/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {'path' | 'query' | 'header'} in
 * @property {boolean} required
 * @property {string} description
 * @property {{ type?: string, enum?: string[], default?: unknown }} schema
 * @property {unknown} example
 *
 * @typedef {object} Body
 * @property {boolean} required
 * @property {string} mediaType
 * @property {{ summary: string, value: unknown }[]} examples
 *
 * @typedef {object} Answer
 * @property {string} status
 * @property {string} description
 * @property {string[]} headers
 *
 * @typedef {object} Operation
 * @property {string} id
 * @property {string} method in upper case
 * @property {string} path
 * @property {string} tag
 * @property {string} summary
 * @property {string} description
 * @property {Parameter[]} parameters
 * @property {Body | undefined} body
 * @property {Answer[]} answers
 */

/** @typedef {any} Document Our own one, which tests hold to its shape. */

/**
 * What the page shows of a document, without its references.
 * @param {Document} document
 * @returns {Operation[]}
 */
export function operationsOf(document) {
  const resolved = (/** @type {Document} */ node) => (node.$ref ? lookUp(document, node.$ref) : node);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0],
      summary: operation.summary,
      description: operation.description,
      parameters: (operation.parameters ?? []).map(resolved),
      body: operation.requestBody && bodyOf(operation.requestBody),
      answers: Object.entries(operation.responses).map(([status, answer]) => answerOf(status, resolved(answer))),
    })),
  );
}

/**
 * @param {Document} document
 * @param {string} reference
 */
const lookUp = (document, reference) =>
  reference
    .slice(2)
    .split('/')
    .reduce((node, step) => node[step], document);

/** @returns {Body} */
function bodyOf(/** @type {Document} */ { required, content }) {
  const [mediaType = ''] = Object.keys(content);
  return { required, mediaType, examples: Object.values(content[mediaType].examples) };
}

/**
 * @param {string} status
 * @param {Document} answer
 * @returns {Answer}
 */
const answerOf = (status, { description, headers }) => ({ status, description, headers: Object.keys(headers ?? {}) });
