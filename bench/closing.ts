type Close = () => Promise<void>;

const open = new Set<Close>();

/** Remembers how to close what was opened, for the case that the run is ended from outside. @returns closes it, once */
export function closing(close: Close): Close {
  let closed: Promise<void> | undefined;
  const once = () => {
    closed ??= close().finally(() => open.delete(once));
    return closed;
  };
  open.add(once);
  return once;
}

/** The last that was opened first. */
export async function closeAll(): Promise<void> {
  for (const close of [...open].reverse()) await close().catch(() => {});
}
