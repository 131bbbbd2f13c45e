import type { PlantedBug } from './adapter-bugs.ts';

const HTTP = 'src/interfaces/http';

/** Classic mistakes of an HTTP adapter: what it lets in, what it lets out, and to whom. */
export const DOOR_BUGS: readonly PlantedBug[] = [
  {
    name: 'values are converted to the type that is wanted',
    file: `${HTTP}/server.ts`,
    find: 'coerceTypes: false',
    put: 'coerceTypes: true',
  },
  {
    name: 'unknown members are dropped',
    file: `${HTTP}/server.ts`,
    find: 'removeAdditional: false',
    put: 'removeAdditional: true',
  },
  {
    name: 'the first fault is the only one named',
    file: `${HTTP}/server.ts`,
    find: 'allErrors: true',
    put: 'allErrors: false',
  },
  {
    name: 'headers beyond a number vanish',
    file: `${HTTP}/server.ts`,
    find: 'maxHeadersCount = 0',
    put: 'maxHeadersCount = 2_000',
  },
  {
    name: 'the framework answers unknown expectations',
    file: `${HTTP}/server.ts`,
    find: `http.server.on('checkExpectation', (_request, response) => clientErrors.refuseExpectation(response));`,
    put: '',
  },
  {
    name: 'every route takes a merge patch',
    file: `${HTTP}/server.ts`,
    find: `http.addContentTypeParser('application/json', {`,
    put: `http.addContentTypeParser(['application/json', 'application/merge-patch+json'], {`,
  },
  {
    name: 'the message of an error is sent',
    file: `${HTTP}/errors.ts`,
    find: `        : internalError;`,
    put: `        : { ...internalError, detail: error.message };`,
  },
  {
    name: 'a refused body costs the connection',
    file: `${HTTP}/errors.ts`,
    find: `reply.removeHeader('connection');`,
    put: `reply.header('connection', 'close');`,
  },
  {
    name: 'what is not UTF-8 is replaced',
    file: `${HTTP}/json-body.ts`,
    find: '{ fatal: true }',
    put: '{ fatal: false }',
  },
  {
    name: 'the last of repeated members counts',
    file: `${HTTP}/json-body.ts`,
    find: 'if (repeated.length > 0)',
    put: 'if (repeated.length > 9_999)',
  },
  {
    name: 'any charset is taken for UTF-8',
    file: `${HTTP}/json-body.ts`,
    find: `OTHER_CHARSET.test(headers['content-type'] ?? '')`,
    put: 'false',
  },
  {
    name: 'an encoding of the body is not looked at',
    file: `${HTTP}/json-body.ts`,
    find: `headers['content-encoding'] !== undefined ||`,
    put: '',
  },
  {
    name: 'the first of two media types counts',
    file: `${HTTP}/json-body.ts`,
    find: `countOf('content-type', raw.rawHeaders) > 1`,
    put: 'false',
  },
  {
    name: 'a name that the client made up is repeated whole',
    file: `${HTTP}/json-body.ts`,
    find: `[...name.slice(0, 128)].slice(0, 64).join('')`,
    put: 'name',
  },
  {
    name: 'the first of two hosts counts',
    file: `${HTTP}/request-guard.ts`,
    find: `return hosts === 1 || (hosts === 0 && httpVersion === '1.0');`,
    put: `return hosts > 0 || httpVersion === '1.0';`,
  },
  {
    name: 'any version of HTTP is served',
    file: `${HTTP}/request-guard.ts`,
    find: '!VERSIONS.includes(httpVersion)',
    put: 'false',
  },
  {
    name: 'any transfer coding before chunked is ignored',
    file: `${HTTP}/request-guard.ts`,
    find: `(headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked'`,
    put: 'false',
  },
  {
    name: 'a refusal overtakes the answers before it',
    file: `${HTTP}/client-errors.ts`,
    find: `else last.once('close', end);`,
    put: 'else end();',
  },
  {
    name: 'one request gets two answers',
    file: `${HTTP}/client-errors.ts`,
    find: 'isRest && latest.headersSent',
    put: 'false',
  },
  {
    name: 'parameters are ignored where there are none',
    file: `${HTTP}/schemas.ts`,
    find: `const NoParameters = Type.Object({}, closed);`,
    put: `const NoParameters = Type.Object({});`,
  },
  {
    name: 'bodies are ignored where none is needed',
    file: `${HTTP}/schemas.ts`,
    find: `const EmptyBody = Type.Object({}, { ...closed, nullable: true });`,
    put: `const EmptyBody = Type.Object({}, { nullable: true });`,
  },
  {
    name: 'PUT wipes what is left out',
    file: `${HTTP}/schemas.ts`,
    find: 'const ReplaceBody = Type.Object({ title, description, completed }, closed);',
    put: 'const ReplaceBody = Type.Object({ title, description: Type.Optional(description), completed }, closed);',
  },
  {
    name: 'a limit of nothing is allowed',
    file: `${HTTP}/schemas.ts`,
    find: `'^([1-9][0-9]{0,2}|1000)$'`,
    put: `'^([0-9]{0,3}|1000)$'`,
  },
  {
    name: 'a malformed precondition is ignored',
    file: `${HTTP}/preconditions.ts`,
    find: `if (header !== undefined && tags === undefined) return void sendProblem(reply, malformed('if-match'));`,
    put: '',
  },
  {
    name: 'a tag that was never given out is no condition',
    file: `${HTTP}/preconditions.ts`,
    find: `tags?.filter((tag) => REVISION.test(tag)).map(toRevision);`,
    put: `tags?.some((tag) => REVISION.test(tag)) ? tags.map(toRevision) : undefined;`,
  },
  {
    name: 'a cursor fits every owner',
    file: `${HTTP}/cursor.ts`,
    find: 'JSON.stringify([owner, deleted,',
    put: 'JSON.stringify([deleted,',
  },
  {
    name: 'owners in upper and lower case are one',
    file: `${HTTP}/task-routes.ts`,
    find: 'named.id = named.id.toLowerCase();',
    put: 'Object.assign(named, { id: named.id.toLowerCase(), user_id: String(Reflect.get(named, "user_id")).toLowerCase() });',
  },
  {
    name: 'the owner is decoded once more',
    file: `${HTTP}/task-routes.ts`,
    find: 'named.id = named.id.toLowerCase();',
    put: 'Object.assign(named, { id: named.id.toLowerCase(), user_id: decodeURIComponent(Reflect.get(named, "user_id")) });',
  },
  {
    name: 'text is trimmed on its way out',
    file: `${HTTP}/task-json.ts`,
    find: 'title: task.title,',
    put: 'title: task.title.trim(),',
  },
  {
    name: 'text is normalised on its way out',
    file: `${HTTP}/task-json.ts`,
    find: 'description: task.description,',
    put: 'description: task.description?.normalize() ?? null,',
  },
  {
    name: 'the path is logged',
    file: `${HTTP}/request-log.ts`,
    find: 'route: request.routeOptions.url,',
    put: 'route: request.url,',
  },
  {
    name: 'an unquoted half of a key counts',
    file: `${HTTP}/task-name.ts`,
    find: `value.startsWith('"') ?`,
    put: `QUOTED_STRING.test(value) ?`,
  },
];
