import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsSchema } from '../../src/infrastructure/settings.ts';

const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');

describe('.env.example', () => {
  it('names every setting once, and nothing else', () => {
    const names = [...text.matchAll(/^(?:# ?)?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(Object.keys(SettingsSchema.properties).sort());
  });

  it('works as a .env when it is copied', () => {
    expect(readSettings(parseEnv(text))).toEqual(readSettings({}));
  });

  it('shows values that are allowed where it comments them out', () => {
    const shown = parseEnv(text.replace(/^# ?([A-Z_]+=)/gm, '$1'));
    expect(() => readSettings(shown)).not.toThrow();
  });
});
