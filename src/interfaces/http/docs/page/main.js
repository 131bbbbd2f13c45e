import { element } from './element.js';
import { operationsOf } from './openapi.js';
import { Reference } from './reference.js';
import { Tour } from './tour.js';

const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const openapi = await (await fetch('openapi.json')).json();
const operations = operationsOf(openapi);
const tour = new Tour(operations);
const reference = new Reference(openapi, operations);

place('tour').append(...tour.nodes);
place('reference').append(...reference.nodes);
place('contents').append(listOf('A tour', tour.links), listOf('Reference', reference.links));

const owner = /** @type {HTMLInputElement} */ (place('owner'));
const setOwner = () => {
  tour.setOwner(owner.value);
  reference.setOwner(owner.value);
};
owner.addEventListener('input', setOwner);
setOwner();

// What a link leads to is opened, also when the page begins with it.
const openTarget = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.scrollIntoView();
};
addEventListener('hashchange', openTarget);
openTarget();

/**
 * @param {string} title
 * @param {readonly HTMLElement[]} links
 */
function listOf(title, links) {
  return element(
    'div',
    {},
    element('h2', {}, title),
    element('ol', {}, ...links.map((link) => element('li', {}, link))),
  );
}
