/**
 * What has been learnt from the answers so far.
 * @typedef {object} Session
 * @property {string} [id]
 * @property {string | undefined} [seen] the ETag that the task had when it was created
 * @property {string | undefined} [etag] the one that it was last known to have
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title
 * @property {string} text
 * @property {string} operation
 * @property {number} expected
 * @property {readonly string[]} [only]
 * @property {string | undefined} [body]
 * @property {(session: Session) => Record<string, string | undefined>} [values]
 */

const json = (/** @type {object} */ value) => JSON.stringify(value);
const asSeen = (/** @type {Session} */ { id, etag }) => ({ id, 'If-Match': etag });
const key = `bread-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`;

/** @type {Step[]} */
export const STEPS = [
  {
    name: 'create',
    title: 'Create a task',
    text: 'A title is enough. The owner is in the path. `ETag` is the revision of the new task: remember it for later.',
    operation: 'createTask',
    expected: 201,
    body: json({ title: 'Buy milk' }),
  },
  {
    name: 'list',
    title: 'List the tasks',
    text: 'Newest first, a page at a time. Look for a word, or only for what is still open.',
    operation: 'listTasks',
    expected: 200,
    only: ['q', 'completed'],
  },
  {
    name: 'complete',
    title: 'Complete it',
    text:
      'With a body it sets, and can be repeated; with an empty one it toggles. `If-Match` says which revision has been ' +
      'seen. The task gets a new one.',
    operation: 'completeTask',
    expected: 200,
    only: ['id', 'If-Match'],
    body: json({ completed: true }),
    values: asSeen,
  },
  {
    name: 'conflict',
    title: 'Meet a conflict',
    text:
      'Somebody still has the task as it was created, and changes its title. `If-Match` names the revision that they ' +
      'have seen, which is no longer the present one: nothing is changed, and `current` is the task as it stands.',
    operation: 'patchTask',
    expected: 412,
    only: ['id', 'If-Match'],
    body: json({ title: 'Buy oat milk' }),
    values: ({ id, seen }) => ({ id, 'If-Match': seen }),
  },
  {
    name: 'decide',
    title: 'Decide again',
    text: 'Having looked at it, they name the revision that it has now.',
    operation: 'patchTask',
    expected: 200,
    only: ['id', 'If-Match'],
    body: json({ title: 'Buy oat milk' }),
    values: asSeen,
  },
  {
    name: 'repeat',
    title: 'Create safely',
    text:
      'An answer can get lost. With an `Idempotency-Key` the create can be sent again: send it twice, and the second ' +
      'answer says `Idempotency-Replayed`.',
    operation: 'createTask',
    expected: 201,
    only: ['Idempotency-Key'],
    body: json({ title: 'Buy bread' }),
    values: () => ({ 'Idempotency-Key': key }),
  },
  {
    name: 'delete',
    title: 'Delete it',
    text: 'The task is set aside: it is in no list, and cannot be read or changed.',
    operation: 'deleteTask',
    expected: 204,
    only: ['id', 'If-Match'],
    values: asSeen,
  },
  {
    name: 'trash',
    title: 'Look into the trash',
    text: 'There it is, with `deleted_at`, and the revision of its deletion.',
    operation: 'listTasks',
    expected: 200,
    only: ['deleted'],
    values: () => ({ deleted: 'true' }),
  },
  {
    name: 'restore',
    title: 'Restore it',
    text: 'It is back as it was, still completed, under a new revision.',
    operation: 'restoreTask',
    expected: 200,
    only: ['id', 'If-Match'],
    values: asSeen,
  },
  {
    name: 'changes',
    title: 'Follow the changes',
    text:
      'What a client that keeps a copy asks for: what has changed since the revision that it has reached, here that of ' +
      'the creation. Each task is there once, as it now stands.',
    operation: 'listChanges',
    expected: 200,
    only: ['since'],
    values: ({ seen }) => ({ since: seen?.replaceAll('"', '') }),
  },
];
