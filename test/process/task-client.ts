import { expect } from 'vitest';

export async function createTask(baseUrl: string, owner: string, title: string): Promise<void> {
  const response = await fetch(`${baseUrl}/api/${owner}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title }),
  });
  expect(response.status).toBe(201);
}

export async function titlesOf(baseUrl: string, owner: string): Promise<string[]> {
  const response = await fetch(`${baseUrl}/api/${owner}/tasks`);
  const { tasks } = (await response.json()) as { tasks: { title: string }[] };
  return tasks.map(({ title }) => title);
}
