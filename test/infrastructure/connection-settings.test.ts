import { describe, expect, it } from 'vitest';
import { connectionSettings } from '../../src/infrastructure/postgres/connection/connection-settings.ts';
import { migrationConfig, PoolerInTheWay } from '../../src/infrastructure/postgres/migrations/migration-config.ts';

const settingsOf = (query: string) => connectionSettings(`postgres://alice:secret@db.example/tasks?${query}`, 'test');

describe('what the driver is told for a URL', () => {
  it.each(['prefer', 'require', 'verify-ca', 'verify-full'])('verifies the certificate for sslmode=%s', (mode) => {
    expect(settingsOf(`sslmode=${mode}`).connectionString).toContain('sslmode=verify-full');
  });

  it.each(['disable', 'no-verify'])('leaves sslmode=%s as it is', (mode) => {
    expect(settingsOf(`sslmode=${mode}`).connectionString).toContain(`sslmode=${mode}`);
  });

  it('leaves the mode as it is where it is asked to be understood as by libpq', () => {
    expect(settingsOf('sslmode=require&uselibpqcompat=true').connectionString).toContain('sslmode=require');
  });

  it.each([
    ['channel_binding=require', true],
    ['channel_binding=prefer', true],
    ['channel_binding=disable', false],
    ['', false],
  ])('binds the password to the channel: %s', (query, enableChannelBinding) => {
    expect(settingsOf(query)).toMatchObject({ enableChannelBinding });
  });
});

describe('migrations', () => {
  it.each([
    'postgres://alice@ep-cool-name-123-pooler.eu-central-1.aws.neon.tech/tasks',
    'postgres://alice@ep-cool-name-123-pooler/tasks',
  ])('are refused at the address of a pooler, without its password: %s', (url) => {
    expect(() => migrationConfig(url)).toThrow(PoolerInTheWay);
    expect(() => migrationConfig(url)).toThrow('DATABASE_DIRECT_URL');
  });

  it.each([
    'postgres://alice@ep-cool-name-123.eu-central-1.aws.neon.tech/tasks',
    'postgres://alice@pooler.example/tasks-pooler',
  ])('are not refused elsewhere: %s', (url) => {
    expect(() => migrationConfig(url)).not.toThrow();
  });
});
