import { OfflineClient } from './offline-client.ts';
import { FileStore } from './store.ts';

const USAGE = `Usage: node --import tsx examples/offline-client/main.ts <service> <owner> <file> <command>
  <service>  as http://127.0.0.1:3000
  <owner>    whose tasks they are
  <file>     where the copy is kept
  <command>  list | add <title> | done <id> | rename <id> <title> | remove <id> | sync`;

const [baseUrl = '', owner = '', file = '', command = '', ...args] = process.argv.slice(2);
const client = new OfflineClient({ baseUrl, owner, store: new FileStore(file) });
const [first = '', second = ''] = args;

const COMMANDS: Record<string, () => Promise<unknown>> = {
  list: async () => {
    for (const { id, title, completed } of await client.tasks()) say(`${id}  [${completed ? 'x' : ' '}]  ${title}`);
  },
  add: async () => say(await client.create(first)),
  done: () => client.edit(first, { completed: true }),
  rename: () => client.edit(first, { title: second }),
  remove: () => client.remove(first),
  sync: () => client.sync(),
};

if (Object.hasOwn(COMMANDS, command)) await COMMANDS[command]?.();
else {
  say(USAGE);
  process.exitCode = 2;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
