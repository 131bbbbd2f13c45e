/** What the command needs of the storage. */
export interface Migrations {
  up(): Promise<string[]>;
  down(): Promise<string[]>;
  status(): Promise<{ readonly done: readonly string[]; readonly pending: readonly string[] }>;
  unlock(): Promise<void>;
}

/** @returns what was done, in lines */
export type MigrateAction = (migrations: Migrations) => Promise<string[]>;

const ACTIONS: Record<string, MigrateAction> = {
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

/** @returns `undefined` for an action that there is not */
export const migrateAction = (name = 'up'): MigrateAction | undefined =>
  Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
