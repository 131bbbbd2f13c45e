import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { openApiDocument } from '../../src/interfaces/http/openapi/document.ts';

interface Told {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, object>>;
}
interface DescribedOperation {
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<Record<string, Told>>;
}

const document = JSON.parse(JSON.stringify(openApiDocument()));

/** Sent by the framework, or about the connection. */
const NOT_TOLD = ['content-type', 'content-length', 'connection', 'date', 'vary'];

/**
 * Holds every answer of a server against the OpenAPI document: status, headers, media type and body; and that the document
 * allows every body that was accepted.
 */
export class DocumentCheck {
  readonly #deviations = new Set<string>();
  answers = 0;

  /** @param http not listening yet */
  watch(http: FastifyInstance): void {
    http.addHook('onSend', (request, reply, payload, done) => {
      this.answers++;
      for (const deviation of deviationsOfAnswer(request, reply, payload)) this.#deviations.add(deviation);
      done(null, payload);
    });
  }

  get deviations(): readonly string[] {
    return [...this.#deviations];
  }
}

function deviationsOfAnswer(request: FastifyRequest, reply: FastifyReply, payload: unknown): string[] {
  const path = request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? '';
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  const pointer = `/paths/${path.replaceAll('/', '~1')}/${method}`;
  // For the router, a trailing slash is followed by a parameter that is empty.
  const isRoute = !request.url.split('?')[0]?.endsWith('/');
  const operation: DescribedOperation | undefined = isRoute ? document.paths[path]?.[method] : undefined;
  if (operation === undefined) return reply.statusCode >= 400 ? invalid('/components/schemas/Problem', payload) : [];

  const where = `${request.method} ${path} ${reply.statusCode}`;
  const direct = operation.responses[reply.statusCode];
  const told: Told | undefined = direct?.$ref === undefined ? direct : lookUp(direct.$ref);
  if (told === undefined) return [`${where} is not described`];
  const type = String(reply.getHeader('content-type') ?? '').split(';')[0] ?? '';
  const place = (direct?.$ref?.slice(1) ?? `${pointer}/responses/${reply.statusCode}`) + contentOf(type);
  const isAccepted = reply.statusCode < 400 && operation.requestBody !== undefined && request.body != null;
  return [
    ...deviationsOfHeaders(told, reply),
    ...(payload === undefined || payload === '' || request.method === 'HEAD' ? [] : invalid(place, payload)),
    ...(isAccepted
      ? invalid(`${pointer}/requestBody${contentOf('application/json')}`, JSON.stringify(request.body))
      : []),
  ].map((deviation) => `${where}: ${deviation}`);
}

const lookUp = (ref: string): Told =>
  ref
    .slice(2)
    .split('/')
    .reduce((at, step) => at[step], document);
const contentOf = (type: string): string => `/content/${type.replaceAll('/', '~1')}/schema`;

function deviationsOfHeaders({ headers = {} }: Told, reply: FastifyReply): string[] {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const sent = Object.keys(reply.getHeaders()).filter((name) => !NOT_TOLD.includes(name));
  const untold = sent.filter((name) => !names.includes(name)).map((name) => `the header ${name} is not described`);
  return reply.hasHeader('x-request-id') ? untold : [...untold, 'X-Request-Id is missing'];
}

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(document, 'openapi.json');
const validators = new Map<string, ValidateFunction>();

function invalid(pointer: string, payload: unknown): string[] {
  const validate = validators.get(pointer) ?? compile(pointer);
  validators.set(pointer, validate);
  if (validate(JSON.parse(String(payload)))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What the document does not name must not be there. */
const compile = (pointer: string): ValidateFunction =>
  ajv.compile({ $ref: `openapi.json#${encodeURI(pointer)}`, unevaluatedProperties: false });
