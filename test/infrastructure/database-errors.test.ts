import { describe, expect, it } from 'vitest';
import { ConnectionFailed, faultOf, isSpent } from '../../src/infrastructure/postgres/resilience/errors.ts';

const ofServer = (code: string, message = 'it failed') =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });
const ofNode = (code: string) => Object.assign(new Error('it failed'), { code });
const ofPool = Object.assign(new Error('Knex: Timeout acquiring a connection.'), { name: 'KnexTimeoutError' });
const whileConnecting = (cause: Error) => new ConnectionFailed('No connection could be made', { cause });

describe('an error of the database tells what became of the statement', () => {
  it.each([
    [whileConnecting(ofNode('ECONNREFUSED')), 'unreachable'],
    [whileConnecting(ofNode('ECONNRESET')), 'unreachable'],
    [whileConnecting(ofNode('ENOTFOUND')), 'unreachable'],
    [whileConnecting(ofNode('UNABLE_TO_VERIFY_LEAF_SIGNATURE')), 'unreachable'],
    [whileConnecting(new Error('The server does not support SSL connections')), 'unreachable'],
    [whileConnecting(new Error('timeout exceeded when trying to connect')), 'unreachable'],
    [whileConnecting(ofServer('57P03')), 'unreachable'],
    [ofServer('53300'), 'unreachable'],
    [ofServer('08P01', 'query_wait_timeout'), 'unreachable'],
    [ofPool, 'unreachable'],
    [new Error('select 1 - Client has encountered a connection error and is not queryable'), 'unreachable'],
    [ofServer('40001'), 'rolled-back'],
    [ofServer('40P01'), 'rolled-back'],
    [ofServer('25006'), 'rolled-back'],
    [ofServer('26000'), 'rolled-back'],
    [ofServer('0A000', 'cached plan must not change result type'), 'rolled-back'],
    [ofServer('55P03'), 'too-slow'],
    [ofServer('57014'), 'too-slow'],
    [ofServer('57P01'), 'lost'],
    [ofServer('08006'), 'lost'],
    [ofServer('08P01', 'something else'), 'lost'],
    [ofServer('40003'), 'lost'],
    [ofNode('ECONNRESET'), 'lost'],
    [ofNode('EPIPE'), 'lost'],
    [ofNode('ECONNREFUSED'), 'lost'],
    [new Error('Connection terminated unexpectedly'), 'lost'],
    [new Error('select 1 - Query read timeout'), 'lost'],
    [ofServer('53100'), 'full'],
    [ofServer('53200'), 'full'],
    [ofServer('58030'), 'full'],
    [whileConnecting(ofServer('28P01')), 'misconfigured'],
    [whileConnecting(ofServer('3D000')), 'misconfigured'],
    [whileConnecting(ofServer('08P01', 'unsupported startup parameter: options')), 'misconfigured'],
    [ofServer('42P01'), 'misconfigured'],
    [ofServer('42501'), 'misconfigured'],
    [ofServer('22021'), 'refused'],
    [ofServer('22P02'), 'refused'],
    [ofServer('23514'), 'refused'],
    [ofServer('23505'), 'mistake'],
    [ofServer('42601'), 'mistake'],
    [ofServer('25P02'), 'mistake'],
    [new TypeError('x is not a function'), 'mistake'],
    [Object.assign(new TypeError('wrong argument'), { code: 'ERR_INVALID_ARG_TYPE' }), 'mistake'],
    ['text', 'mistake'],
  ])('%s: %s', (error, fault) => {
    expect(faultOf(error)).toBe(fault);
  });
});

describe('a connection is spent after', () => {
  it.each([
    [ofServer('25006'), true],
    [ofServer('26000'), true],
    [ofServer('42P05'), true],
    [ofServer('57P01'), true],
    [ofServer('57P05'), true],
    [ofServer('0A000', 'cached plan must not change result type'), true],
    [new Error('select 1 - Query read timeout'), true],
    [ofServer('57014'), false],
    [ofServer('23514'), false],
    [new Error('anything else'), false],
    ['text', false],
  ])('%s: %s', (error, spent) => {
    expect(isSpent(error)).toBe(spent);
  });
});
