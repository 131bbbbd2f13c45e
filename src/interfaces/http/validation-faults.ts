import type { FastifyRequest } from 'fastify';
import { pointerTo, shortened } from './json-body.ts';
import { type Fault, MAX_FAULTS } from './problem.ts';
import { FAULT } from './schemas.ts';

/** A fault as Ajv tells it with the option `verbose`. */
interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
  readonly data?: unknown;
  readonly parentSchema: { readonly properties?: object; readonly [FAULT]?: string };
}

/** The parts of a request that have schemas, and what they are called there. */
const PARTS = [
  ['params', 'params'],
  ['body', 'body'],
  ['query', 'querystring'],
] as const;

/** Every fault that the schemas of a route find, in words for its client. No value is repeated. */
export function validationFaults(request: FastifyRequest): Fault[] {
  // All parts once more, as the framework stops at the first that has any.
  return PARTS.flatMap(([part, schema]) => {
    const validate = request.getValidationFunction(schema);
    // As for the framework, a body that is not there is null.
    if (validate === undefined || validate(request[part] ?? null)) return [];
    const faults = validate.errors as unknown as readonly SchemaFault[];
    return faults.slice(0, MAX_FAULTS).map((fault) => toFault(fault, part === 'body', request.method));
  }).slice(0, MAX_FAULTS);
}

function toFault(fault: SchemaFault, isOfBody: boolean, method: string): Fault {
  const name = nameOf(fault);
  if (!isOfBody) return { parameter: shortened(name ?? ''), detail: detailOf(fault, 'parameter', method) };
  return { pointer: name === undefined ? '' : pointerTo(name), detail: detailOf(fault, 'field', method) };
}

/** Bodies and parameter lists are flat, so a path has at most one step; `undefined` for the whole of it. */
function nameOf({ keyword, params, instancePath }: SchemaFault): string | undefined {
  if (keyword === 'required') return String(params['missingProperty']);
  if (keyword === 'additionalProperties') return String(params['additionalProperty']);
  return instancePath === '' ? undefined : instancePath.slice(1);
}

function detailOf(
  { keyword, instancePath, params, data, parentSchema }: SchemaFault,
  noun: string,
  method: string,
): string {
  if (noun === 'parameter' && Array.isArray(data)) return 'must be given once';
  switch (keyword) {
    case 'required':
      return method === 'PUT'
        ? 'is required: PUT replaces all fields, PATCH changes those that it names'
        : 'is required';
    case 'additionalProperties':
      return `is not a known ${noun}; ${inventoryOf(parentSchema.properties ?? {})}`;
    case 'type':
      // Of a body as a whole: it is missing, because what is no object was refused before.
      return instancePath === '' ? 'is required' : `must be of type ${[params['type']].flat().join(' or ')}`;
    case 'maxLength':
      return `must have at most ${params['limit']} characters`;
    case 'minLength':
      return 'must not be empty';
    case 'minProperties':
      return 'must name at least one field';
    case 'enum':
      return `must be one of ${(params['allowedValues'] as string[]).join(', ')}`;
    case 'format':
      return 'must not contain U+0000 or unpaired surrogates, or anything that is not UTF-8';
    default:
      return parentSchema[FAULT] ?? 'is not valid';
  }
}

function inventoryOf(properties: object): string {
  const names = Object.keys(properties);
  return names.length === 0 ? 'there is none here' : `known are ${names.join(', ')}`;
}
