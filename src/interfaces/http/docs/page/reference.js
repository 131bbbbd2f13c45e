/** @import { Document, Operation } from './openapi.js' */
import { element, inline, words } from './element.js';
import { RequestForm } from './request-form.js';

/** Every operation of the document, each with a form to try it. */
export class Reference {
  /** @type {RequestForm[]} */
  #forms = [];
  #owner = '';

  /**
   * @param {Document} document
   * @param {readonly Operation[]} operations
   */
  constructor({ info, tags }, operations) {
    const groups = tags.map((/** @type {{ name: string, description: string }} */ { name, description }) => [
      element('h2', { class: 'group' }, name),
      element('p', { class: 'lead' }, description),
      ...operations.filter(({ tag }) => tag === name).map((operation) => this.#card(operation)),
    ]);
    this.nodes = [element('h1', { id: 'reference-title' }, 'Reference'), words(info.description), ...groups.flat()];
    this.links = operations.map(({ id, method, summary }) =>
      element('a', { href: `#${id}` }, element('span', { class: `method ${method}` }, method), summary),
    );
  }

  /** @param {string} owner */
  setOwner(owner) {
    this.#owner = owner;
    for (const form of this.#forms) form.fill({ user_id: owner });
  }

  /** @param {Operation} operation */
  #card(operation) {
    const { id, method, path, summary, description, answers } = operation;
    const trial = element('div', {});
    /** Made when it is first looked at: there are many. */
    const open = () => {
      if (trial.firstChild !== null) return;
      const form = new RequestForm(operation, { values: { user_id: this.#owner } });
      this.#forms.push(form);
      trial.append(form.node);
    };
    return element(
      'details',
      { id, class: 'card operation', toggle: open },
      element(
        'summary',
        {},
        element('span', { class: `method ${method}` }, method),
        element('code', { class: 'target' }, path),
        element('span', { class: 'summary' }, summary),
      ),
      words(description),
      trial,
      element('h3', {}, 'Answers'),
      element('table', {}, element('tbody', {}, ...answers.map(answerRow))),
    );
  }
}

const COMMON = ['X-Request-Id', 'X-Content-Type-Options', 'Cache-Control'];

/** @param {Operation['answers'][number]} answer */
const answerRow = ({ status, description, headers }) =>
  element(
    'tr',
    {},
    element('th', { scope: 'row', class: `status-${status[0]}` }, status),
    element('td', {}, ...inline(description)),
    element('td', {}, headers.filter((name) => !COMMON.includes(name)).join(', ')),
  );
