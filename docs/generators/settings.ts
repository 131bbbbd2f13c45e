import { SettingsSchema } from '../../src/infrastructure/settings.ts';
import { wrapped } from './wrapped.ts';

interface Setting {
  readonly name: string;
  /** What is allowed. */
  readonly title: string;
  readonly description: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

const settings: readonly Setting[] = Object.entries(SettingsSchema.properties).map(
  ([name, schema]) => ({ name, ...schema }) as unknown as Setting,
);

const summaryOf = ({ description }: Setting): string => description.split('\n\n')[0] ?? '';

/** For README.md. */
export function settingsTable(): string {
  const rows = settings.map((setting) => [
    `\`${setting.name}\``,
    summaryOf(setting),
    setting.title,
    setting.default === undefined ? 'unset' : `\`${setting.default}\``,
  ]);
  const lines = [['name', 'meaning', 'value', 'default'], ['---', '---', '---', '---'], ...rows];
  return lines
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
    .replaceAll('| --- ', '|---')
    .replaceAll('--- |', '---|');
}

/** For docs/configuration.md. */
export const settingsSections = (): string => settings.map(sectionOf).join('\n\n');

function sectionOf(setting: Setting): string {
  const values = `Value: ${setting.title}. Default: ${setting.default === undefined ? 'unset' : `\`${setting.default}\``}.`;
  return [`### \`${setting.name}\``, ...setting.description.split('\n\n').map((text) => wrapped(text)), values].join(
    '\n\n',
  );
}

const HEAD = `# Settings of the task service. Copy this file to \`.env\` and change what you need; the copy works as it is.
# A variable that is set in the environment wins over this file. docs/configuration.md says more about each.
# Written by \`npm run docs\` from src/infrastructure/settings.ts.
`;

/** A file that changes nothing when it is copied to `.env`. */
export function envExample(): string {
  const entries = settings.map((setting) => {
    const { name, default: preset, examples = [''] } = setting;
    const line = preset === undefined ? `# ${name}=${examples[0]}` : `${name}=${preset}`;
    const values = preset === undefined ? '' : ` Value: ${setting.title}.`;
    return `${wrapped(summaryOf(setting) + values, '# ')}\n${line}\n`;
  });
  return [HEAD, ...entries].join('\n');
}
