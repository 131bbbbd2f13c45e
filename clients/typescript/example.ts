import { TaskClient } from './src/task-client.ts';

const [baseUrl = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const tasks = new TaskClient({ baseUrl, owner: 'alice' });
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const milk = await tasks.create({ title: 'Buy milk' });
say(`created "${milk.title}" at revision ${milk.revision}`);

await tasks.complete(milk);
const outcome = await tasks.edit(milk, { title: 'Buy oat milk' });
if (!outcome.ok)
  say(`a conflict: it is at revision ${outcome.current.revision}, and completed: ${outcome.current.completed}`);

const edited = await tasks.update(milk, ({ title }) => ({ title: `${title}, two litres` }));
say(`decided again: "${edited.title}" at revision ${edited.revision}`);

for await (const page of tasks.changes({ from: { since: milk.revision } })) {
  for (const task of page.tasks) say(`changed since: "${task.title}"`);
}
await tasks.delete(edited);
