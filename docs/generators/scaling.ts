/** What is taken for granted. Whoever knows better changes it here, and runs `npm run docs`. */
export const ASSUMPTIONS = {
  tasksPerUser: 100,
  bytesPerTask: 768,
  bytesPerUser: 279,
  diskPerByte: 1.5,
  activeShare: 0.1,
  requestsPerActiveUserAndDay: 50,
  writeShare: 0.2,
  peak: 3,
  requestsPerServiceCore: 1_000,
  statementsPerDatabaseCore: 2_500,
  coresPerMachine: 16,
  memoryPerMachineGB: 128,
  memoryForRows: 0.75,
  diskPerMachineGB: 4_000,
  machinesPerPrimary: 2,
  dollarsPerMachineHour: 1.2,
  dollarsPerServiceCoreHour: 0.04,
  dollarsPerGBMonth: 0.1,
} as const;

const MEANINGS: Record<keyof typeof ASSUMPTIONS, string> = {
  tasksPerUser: 'tasks of a user, deleted ones included that are not purged yet',
  bytesPerTask: 'bytes of a task, its indexes included: measured, see below',
  bytesPerUser: 'bytes of a row in `task_lists`, its index included: measured',
  diskPerByte: 'disk for each byte of data: dead rows, WAL, room to vacuum and to rebuild an index',
  activeShare: 'of all users, who are active on a day; their tasks should fit into memory',
  requestsPerActiveUserAndDay: 'requests of an active user on a day',
  writeShare: 'of these, what writes. A read is one statement, a write two',
  peak: 'the busiest minutes, compared with the average of a day',
  requestsPerServiceCore: 'requests per second for each core of the service',
  statementsPerDatabaseCore: 'statements per second for each core of the database',
  coresPerMachine: 'cores of a database machine',
  memoryPerMachineGB: 'GB of its memory',
  memoryForRows: 'of that, what is there for rows and indexes',
  diskPerMachineGB: 'GB of its disk',
  machinesPerPrimary: 'machines for each one that serves: itself and its standby',
  dollarsPerMachineHour: 'dollars for a database machine and hour',
  dollarsPerServiceCoreHour: 'dollars for a core of the service and hour',
  dollarsPerGBMonth: 'dollars for a GB of disk and month',
};

const HOURS_PER_MONTH = 730;
const SECONDS_PER_DAY = 86_400;
const GB = 1e9;

export interface Figures {
  readonly rows: number;
  readonly dataGB: number;
  readonly diskGB: number;
  readonly memoryGB: number;
  readonly requestsPerSecond: number;
  readonly serviceCores: number;
  readonly databaseCores: number;
  /** Database machines that serve, without their standbys. */
  readonly machines: number;
  readonly dollarsPerMonth: number;
}

export function figuresFor(users: number, a: Record<keyof typeof ASSUMPTIONS, number> = ASSUMPTIONS): Figures {
  const rows = users * a.tasksPerUser;
  const dataGB = (rows * a.bytesPerTask + users * a.bytesPerUser) / GB;
  const diskGB = dataGB * a.diskPerByte;
  const memoryGB = dataGB * a.activeShare;
  const requestsPerSecond = (users * a.activeShare * a.requestsPerActiveUserAndDay * a.peak) / SECONDS_PER_DAY;
  // Two at least, so that one can be replaced or fail.
  const serviceCores = Math.max(2, Math.ceil(requestsPerSecond / a.requestsPerServiceCore));
  const databaseCores = Math.ceil((requestsPerSecond * (1 + a.writeShare)) / a.statementsPerDatabaseCore);
  const machines = Math.max(
    Math.ceil(databaseCores / a.coresPerMachine),
    Math.ceil(memoryGB / (a.memoryPerMachineGB * a.memoryForRows)),
    Math.ceil(diskGB / a.diskPerMachineGB),
  );
  const dollarsPerMonth =
    machines * a.machinesPerPrimary * a.dollarsPerMachineHour * HOURS_PER_MONTH +
    serviceCores * a.dollarsPerServiceCoreHour * HOURS_PER_MONTH +
    diskGB * a.machinesPerPrimary * a.dollarsPerGBMonth;
  return { rows, dataGB, diskGB, memoryGB, requestsPerSecond, serviceCores, databaseCores, machines, dollarsPerMonth };
}

const USERS = [1e6, 1e8, 1e9];

const ROWS: readonly (readonly [string, keyof Figures])[] = [
  ['tasks', 'rows'],
  ['data, GB', 'dataGB'],
  ['disk of the primaries, GB', 'diskGB'],
  ['memory for what active users have, GB', 'memoryGB'],
  ['requests per second in the busiest minutes', 'requestsPerSecond'],
  ['cores of the service', 'serviceCores'],
  ['cores of the database', 'databaseCores'],
  ['database machines, and as many standbys', 'machines'],
  ['dollars per month', 'dollarsPerMonth'],
];

export function scalingTable(): string {
  const columns = USERS.map((users) => figuresFor(users));
  const rows = ROWS.map(([what, key]) => [what, ...columns.map((figures) => shown(figures[key]))]);
  const head = [`users`, ...USERS.map(shown)];
  return [head, ['---', ...USERS.map(() => '---:')], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function assumptionsTable(): string {
  const entries = Object.entries(MEANINGS) as [keyof typeof ASSUMPTIONS, string][];
  const rows = entries.map(
    ([key, meaning]) => `| \`${key}\` | ${ASSUMPTIONS[key].toLocaleString('en')} | ${meaning} |`,
  );
  return ['| assumption | value | |', '|---|---:|---|', ...rows].join('\n');
}

/** Two digits count; the assumptions allow for no more. */
function shown(figure: number): string {
  const rounded = figure < 100 ? Math.ceil(figure) : Number(figure.toPrecision(2));
  return rounded.toLocaleString('en');
}
