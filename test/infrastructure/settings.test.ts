import { describe, expect, it } from 'vitest';
import { InvalidSettings, readSettings, SettingsSchema } from '../../src/infrastructure/settings.ts';

function linesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readSettings(environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSettings);
    return (error as InvalidSettings).lines;
  }
}

describe('settings', () => {
  it('have defaults for a first start', () => {
    expect(readSettings({})).toEqual({
      DATABASE_POOL_MAX: 10,
      DATABASE_PREPARED: 'on',
      DATA_DIR: '.data',
      STORAGE: 'postgres',
      HOST: '127.0.0.1',
      PORT: 3000,
      LOG_LEVEL: 'info',
      METRICS: 'on',
      REQUIRE_IF_MATCH: false,
      SHUTDOWN_DELAY_MS: 1_000,
    });
  });

  it('take what is set', () => {
    const DATABASE_URL = 'postgresql://me:p%40ss@db.example.com:6432/tasks?sslmode=verify-full';
    const settings = readSettings({
      DATABASE_URL,
      PORT: '0',
      DATABASE_POOL_MAX: '25',
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
    });
    expect(settings).toMatchObject({ DATABASE_URL, PORT: 0, DATABASE_POOL_MAX: 25 });
  });

  it('take nothing for unset', () => {
    expect(readSettings({ DATABASE_URL: '', PORT: '' })).toEqual(readSettings({}));
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['DATABASE_POOL_MAX', '5.125'],
    ['DATABASE_POOL_MAX', '4'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/x'],
    ['DATABASE_URL', 'postgres://me:hunter2@db:port/x'],
    ['DATABASE_DIRECT_URL', 'hunter2'],
    ['REQUIRE_IF_MATCH', 'yes'],
    ['STORAGE', 'disk'],
    ['LOG_LEVEL', 'INFO'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['CORS_ORIGINS', 'https://a.example,'],
  ])('that are wrong are named, and their values are not: %s=%s', (name, value) => {
    const [line, ...others] = linesOf({ [name]: value });
    expect(line).toMatch(new RegExp(`^${name} must be `));
    expect(line).not.toContain(value);
    expect(line).not.toContain('hunter2');
    expect(others).toEqual([]);
  });

  it('that are wrong get a line each', () => {
    const lines = linesOf({ PORT: 'x', LOG_LEVEL: 'x', DATABASE_URL: 'x', STORAGE: 'x' });
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'PORT', 'STORAGE']);
  });

  it('each say what is allowed and what they are for', () => {
    for (const schema of Object.values(SettingsSchema.properties)) {
      expect(schema).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    }
  });
});
