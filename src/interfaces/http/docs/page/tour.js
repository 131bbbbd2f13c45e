/** @import { Outcome } from './call.js' */
/** @import { Operation } from './openapi.js' */
/** @import { Session, Step } from './tour-steps.js' */
import { element, inline } from './element.js';
import { RequestForm } from './request-form.js';
import { STEPS } from './tour-steps.js';

/** The tour of the README, each step with what the steps before have taught. */
export class Tour {
  /** @type {{ step: Step, form: RequestForm, link: HTMLElement }[]} */
  #stops;
  /** @type {Session} */
  #session = {};

  /** @param {readonly Operation[]} operations */
  constructor(operations) {
    this.#stops = STEPS.map((step) => this.#stopOf(step, operations));
    const runAll = element(
      'button',
      { type: 'button', class: 'example', click: () => this.#runAll() },
      'Run all steps',
    );
    this.nodes = [
      element('h1', { id: 'tour-title' }, 'A tour'),
      element(
        'p',
        { class: 'lead' },
        'Send the requests one after the other. Each is real, and so is its answer.',
        runAll,
      ),
      ...this.#stops.map(({ step, form }, index) => stepView(step, index, form)),
    ];
    this.links = this.#stops.map(({ link }) => link);
    this.#refillAfter(-1);
  }

  /** @param {string} owner */
  setOwner(owner) {
    this.#session = {};
    for (const { form, link } of this.#stops) {
      form.fill({ user_id: owner });
      link.classList.remove('done');
    }
    this.#refillAfter(-1);
  }

  /**
   * @param {Step} step
   * @param {readonly Operation[]} operations
   */
  #stopOf(step, operations) {
    const operation = /** @type {Operation} */ (operations.find(({ id }) => id === step.operation));
    const { only = [], body, expected } = step;
    const link = element('a', { href: `#${step.name}` }, step.title);
    const answered = (/** @type {Outcome} */ outcome) => {
      link.classList.toggle('done', outcome.status === expected);
      this.#learn(step, outcome);
    };
    const form = new RequestForm(operation, { only, body, expected, answered });
    return { step, form, link };
  }

  /**
   * @param {Step} step
   * @param {Outcome} outcome
   */
  #learn({ name }, { status, headers, text }) {
    const etag = new Map(headers).get('etag');
    if (name === 'create' && status === 201) this.#session = { id: JSON.parse(text).id, seen: etag, etag };
    if (['complete', 'conflict', 'decide', 'restore'].includes(name)) this.#session.etag = etag ?? this.#session.etag;
    if (name === 'delete' && status === 204) this.#session.etag = undefined;
    if (name === 'trash' && status === 200) this.#session.etag = etagIn(JSON.parse(text), this.#session);
    this.#refillAfter(STEPS.findIndex((step) => step.name === name));
  }

  /** @param {number} index of the step that was answered; what was sent before stays as it was sent */
  #refillAfter(index) {
    for (const { step, form } of this.#stops.slice(index + 1)) form.fill(step.values?.(this.#session) ?? {});
  }

  async #runAll() {
    for (const { form } of this.#stops) await form.send();
  }
}

/**
 * @param {Step} step
 * @param {number} index
 * @param {RequestForm} form
 */
const stepView = ({ name, title, text }, index, form) =>
  element(
    'article',
    { id: name, class: 'card step' },
    element('h2', {}, element('span', { class: 'number' }, String(index + 1)), title),
    element('p', { class: 'words' }, ...inline(text)),
    form.node,
  );

/**
 * Of the task in a list.
 * @param {{ tasks: { id: string, revision: number }[] }} list
 * @param {Session} session
 */
function etagIn({ tasks }, session) {
  const found = tasks.find(({ id }) => id === session.id);
  return found && `"${found.revision}"`;
}
