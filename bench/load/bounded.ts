import { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';

/** Sends `count` requests and waits for all responses. @throws for a wrong response */
export async function sendBounded(
  port: number,
  { clients, count }: { readonly clients: number; readonly count: number },
  next: () => Exchange,
): Promise<void> {
  let left = count;
  const client = async (): Promise<void> => {
    const connection = await Connection.open(port);
    try {
      while (left-- > 0) await sendOne(connection, next());
    } finally {
      connection.close();
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

const sendOne = (connection: Connection, { request, check }: Exchange): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.send(request, (outcome) => {
      const problem = outcome instanceof Error ? outcome.message : check(outcome, false);
      if (problem === undefined) resolve();
      else reject(new Error(problem));
    });
  });
