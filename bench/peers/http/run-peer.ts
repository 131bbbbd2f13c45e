/** What a peer serves with, whatever framework is inside. */
export interface PeerServer {
  /** On any free port. @returns where */
  listen(): Promise<number>;
  close(): Promise<void>;
}

const number = (name: string, standard: number): number => Number(process.env[name] ?? standard);

export const settings = {
  url: process.env['DATABASE_URL'] ?? '',
  connections: number('DATABASE_POOL_MAX', 10),
  logLevel: process.env['LOG_LEVEL'] ?? 'info',
};

/** Says where it serves as the service does, and ends by SIGTERM. */
export async function runPeer(server: PeerServer): Promise<void> {
  const port = await server.listen();
  process.stderr.write(`Tasks are served on http://127.0.0.1:${port}\n`);
  process.once('SIGTERM', async () => {
    await server.close();
    process.exit(0);
  });
}
