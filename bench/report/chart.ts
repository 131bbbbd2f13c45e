import type { Results } from '../measure/results.ts';
import { COMPARED, WORDING } from '../targets/compared.ts';
import { isBefore, PGBENCH, SERVICE } from '../targets/targets.ts';
import { isLimit, type Row, rowsOf } from './summary.ts';

const CONNECTIONS = 32;
const WIDTH = 860;
const LABEL = 250;
const NUMBER = 80;
const BAR = 15;
const GAP = 4;
const HEADING = 34;

const COLOURS = { service: '#0b6e99', before: '#85b7cc', peer: '#b8c4cc', limit: '#e6d3a3' };

/** A bar chart of requests per second. The longest bar of each workload has full width. */
export function chartOf(results: Results): string {
  const rows = rowsOf(results).filter(
    ({ pace, connections, target }) => pace === undefined && (connections === CONNECTIONS || target === PGBENCH.name),
  );
  const parts: string[] = [];
  let y = 62;
  for (const workload of COMPARED) {
    const own = rows
      .filter((row) => row.workload === workload)
      .sort((a, b) => Number(isLimit(a.target)) - Number(isLimit(b.target)));
    if (own.length === 0) continue;
    parts.push(text(16, y + 18, WORDING[workload], 'class="heading"'));
    y += HEADING - 8;
    const longest = Math.max(...own.map(({ perSecond }) => perSecond));
    for (const row of own) {
      parts.push(bar(row, y, longest));
      y += BAR + GAP;
    }
    y += 8;
  }
  const { machine, commit, date, kind } = results;
  const about = `${machine.processor}, ${machine.processors} processors; commit ${commit}, ${date.slice(0, 10)}${kind === 'full' ? '' : `; a ${kind} run`}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" role="img" aria-labelledby="title">`,
    `<title id="title">Requests per second with ${CONNECTIONS} clients</title>`,
    '<style>text{font:12px system-ui,sans-serif;fill:#1d2429}.heading{font-weight:600;font-size:13px}.about{fill:#5b6770}</style>',
    `<rect width="${WIDTH}" height="${y + 8}" fill="#fff"/>`,
    text(
      16,
      26,
      `Requests per second with ${CONNECTIONS} clients: longer is better`,
      'style="font-size:16px;font-weight:600"',
    ),
    text(16, 46, about, 'class="about"'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function bar({ target, title, perSecond }: Row, y: number, longest: number): string {
  const length = Math.max(1, Math.round((perSecond / longest) * (WIDTH - LABEL - NUMBER - 16)));
  const middle = y + BAR - 3;
  return [
    text(LABEL - 8, middle, title, 'text-anchor="end"'),
    `<rect x="${LABEL}" y="${y}" width="${length}" height="${BAR}" rx="2" fill="${COLOURS[roleOf(target)]}"/>`,
    text(LABEL + length + 6, middle, Math.round(perSecond).toLocaleString('en')),
  ].join('');
}

function roleOf(target: string): keyof typeof COLOURS {
  if (target === SERVICE.name) return 'service';
  if (isBefore(target)) return 'before';
  return isLimit(target) ? 'limit' : 'peer';
}

const escaped = (raw: string): string => raw.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;
