/** An HTTP server of any framework. */
export interface PeerServer {
  /** Listens on a free port. @returns the port */
  listen(): Promise<number>;
  close(): Promise<void>;
}

const number = (name: string, standard: number): number => Number(process.env[name] ?? standard);

export const settings = {
  url: process.env['DATABASE_URL'] ?? '',
  connections: number('DATABASE_POOL_MAX', 10),
  logLevel: process.env['LOG_LEVEL'] ?? 'info',
};

/** Prints the URL at startup and shuts down at SIGTERM. */
export async function runPeer(server: PeerServer): Promise<void> {
  const port = await server.listen();
  process.stderr.write(`Tasks are served on http://127.0.0.1:${port}\n`);
  process.once('SIGTERM', async () => {
    await server.close();
    process.exit(0);
  });
}
