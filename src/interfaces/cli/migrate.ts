/** What the command needs of the storage. */
export interface Migrations {
  up(): Promise<string[]>;
  down(): Promise<string[]>;
  status(): Promise<{ readonly done: readonly string[]; readonly pending: readonly string[] }>;
  unlock(): Promise<void>;
}

const ACTIONS: Record<string, (migrations: Migrations) => Promise<string[]>> = {
  async up(migrations) {
    const names = await migrations.up();
    return names.length === 0 ? ['The schema is up to date.'] : names.map((name) => `applied ${name}`);
  },
  async down(migrations) {
    const names = await migrations.down();
    return names.length === 0 ? ['There is nothing to take back.'] : names.map((name) => `took back ${name}`);
  },
  async status(migrations) {
    const { done, pending } = await migrations.status();
    return [...done.map((name) => `done     ${name}`), ...pending.map((name) => `pending  ${name}`)];
  },
  async unlock(migrations) {
    await migrations.unlock();
    return ['The migration lock is free.'];
  },
};

export const MIGRATE_USAGE = `migrate [${Object.keys(ACTIONS).join('|')}]`;

/** @returns what was done, in lines; `undefined` for an action that there is not */
export async function migrate(migrations: Migrations, action = 'up'): Promise<string[] | undefined> {
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action]?.(migrations) : undefined;
}
