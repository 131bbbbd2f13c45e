import type { Knex } from 'knex';
import { driverTypes } from './driver-types.ts';

/** What the driver reads as "encrypted, and verified" already, but warns that it will not for ever. */
const TO_BE_VERIFIED = ['prefer', 'require', 'verify-ca'];

/**
 * The driver's settings for a URL. Every `sslmode` that asks for encryption verifies the certificate and its host name,
 * but `no-verify`, which says that it does not; `channel_binding`, which the driver does not read from a URL, is obeyed.
 */
export function connectionSettings(url: string, applicationName: string): Knex.PgConnectionConfig {
  const target = new URL(url);
  const query = target.searchParams;
  const verified = TO_BE_VERIFIED.includes(query.get('sslmode') ?? '') && !query.has('uselibpqcompat');
  if (verified) query.set('sslmode', 'verify-full');
  const enableChannelBinding = ['prefer', 'require'].includes(query.get('channel_binding') ?? '');
  return {
    connectionString: target.href,
    application_name: applicationName,
    enableChannelBinding,
    connectionTimeoutMillis: 10_000,
    types: driverTypes,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  } as Knex.PgConnectionConfig;
}
