/** @typedef {string | Node | false | undefined} Child */

/**
 * Text becomes text, never markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | undefined | ((event: Event) => void)>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...shown(children));
  return made;
}

/**
 * The words of the document, which are Markdown: of that, paragraphs, lists and code.
 * @param {string} text
 */
export function words(text) {
  const blocks = text.split('\n\n').map((block) => {
    if (!block.startsWith('- ')) return element('p', {}, ...inline(block));
    return element(
      'ul',
      {},
      ...block
        .slice(2)
        .split('\n- ')
        .map((item) => element('li', {}, ...inline(item))),
    );
  });
  return element('div', { class: 'words' }, ...blocks);
}

/**
 * @param {string} text
 * @returns {Child[]}
 */
export const inline = (text) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));

/**
 * @param {readonly Child[]} children
 * @returns {(string | Node)[]}
 */
const shown = (children) =>
  children
    .filter((child) => child !== false && child !== undefined)
    .map((child) => /** @type {string | Node} */ (child));
