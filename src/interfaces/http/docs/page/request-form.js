/** @import { Outcome } from './call.js' */
/** @import { Operation, Parameter } from './openapi.js' */
import { answerView, failureView } from './answer-view.js';
import { callOf, curlOf, send } from './call.js';
import { element, inline } from './element.js';

/**
 * @typedef {object} Settings
 * @property {readonly string[]} [only] the parameters to be shown; all unless given
 * @property {Readonly<Record<string, string>>} [values]
 * @property {string | undefined} [body]
 * @property {number} [expected] the status that shows what is to be seen
 * @property {(outcome: Outcome) => void} [answered]
 */

/** A request to be filled in and sent, and its answer. */
export class RequestForm {
  #operation;
  #settings;
  /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
  #inputs = new Map();
  #line = element('code', { class: 'target' });
  #curl = element('pre', { tabindex: '0' });
  #answer = element('div', { class: 'answer-place', 'aria-live': 'polite' });
  #body;
  #form;

  /**
   * @param {Operation} operation
   * @param {Settings} settings
   */
  constructor(operation, settings = {}) {
    this.#operation = operation;
    this.#settings = settings;
    const { only } = settings;
    for (const parameter of operation.parameters) this.#inputs.set(parameter.name, inputFor(parameter));
    const text = settings.body ?? exampleOf(operation, 0);
    this.#body = element('textarea', {
      rows: String(text.split('\n').length),
      spellcheck: 'false',
      'aria-label': 'Body',
    });
    this.#body.value = text;
    this.#form = element(
      'form',
      { submit: (event) => this.#submit(event), input: () => this.#preview() },
      element(
        'p',
        { class: 'line' },
        element('span', { class: `method ${operation.method}` }, operation.method),
        this.#line,
      ),
      ...operation.parameters.filter(({ name }) => only?.includes(name) ?? true).map((one) => this.#row(one)),
      operation.body && this.#body,
      element(
        'div',
        { class: 'actions' },
        element('button', { type: 'submit' }, 'Send'),
        operation.body && only === undefined && this.#exampleButtons(operation),
      ),
      element('details', { class: 'curl' }, element('summary', {}, 'as curl'), this.#curl),
    );
    this.node = element('div', { class: 'request' }, this.#form, this.#answer);
    this.fill(settings.values ?? {});
  }

  /** @param {Readonly<Record<string, string | undefined>>} values of parameters, by name */
  fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const input = this.#inputs.get(name);
      if (input !== undefined) input.value = value ?? '';
    }
    this.#preview();
  }

  async send() {
    const outcome = await send(this.#call()).catch(() => undefined);
    if (outcome === undefined) {
      this.#answer.replaceChildren(failureView('The service does not answer.'));
      return;
    }
    const isExpected = outcome.status === this.#settings.expected;
    this.#answer.replaceChildren(answerView(outcome, isExpected ? 'as expected' : ''));
    this.#settings.answered?.(outcome);
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    await this.send();
  }

  #call() {
    const values = Object.fromEntries([...this.#inputs].map(([name, { value }]) => [name, value]));
    return callOf(this.#operation, values, this.#body.value.trim());
  }

  #preview() {
    const call = this.#call();
    this.#line.textContent = call.target;
    this.#curl.textContent = curlOf(call);
  }

  /** @param {Parameter} parameter */
  #row({ name, description }) {
    return element(
      'label',
      { class: 'parameter' },
      element('span', { class: 'label' }, name),
      this.#inputs.get(name),
      element('span', { class: 'hint' }, ...inline(description)),
    );
  }

  /** @param {Operation} operation */
  #exampleButtons(operation) {
    const put = (/** @type {number} */ index) => () => {
      this.#body.value = exampleOf(operation, index);
      this.#body.rows = this.#body.value.split('\n').length;
      this.#preview();
    };
    const buttons = (operation.body?.examples ?? []).map(({ summary }, index) =>
      element('button', { type: 'button', class: 'example', click: put(index) }, summary),
    );
    return element('span', { class: 'examples' }, ...buttons);
  }
}

/**
 * @param {Operation} operation
 * @param {number} index
 */
const exampleOf = ({ body }, index) => (body === undefined ? '' : JSON.stringify(body.examples[index]?.value, null, 2));

/** @param {Parameter} parameter */
function inputFor({ name, required, schema, example }) {
  const choices = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined);
  if (choices === undefined) {
    return element('input', { name, required, placeholder: String(example), spellcheck: 'false', autocomplete: 'off' });
  }
  const options = ['', ...choices].map((choice) => element('option', { value: choice }, choice || '—'));
  return element('select', { name }, ...options);
}
