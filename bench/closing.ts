type Close = () => Promise<void>;

const open = new Set<Close>();

/** Registers a cleanup function for an interrupted run. @returns runs it at most once */
export function closing(close: Close): Close {
  let closed: Promise<void> | undefined;
  const once = () => {
    closed ??= close().finally(() => open.delete(once));
    return closed;
  };
  open.add(once);
  return once;
}

/** Runs the registered functions in reverse order. */
export async function closeAll(): Promise<void> {
  for (const close of [...open].reverse()) await close().catch(() => {});
}
