import type { Revision } from '../../domain/ids.ts';

/** A strong validator (RFC 9110, section 8.8.3): every change of a task gives it a revision of its own, and its owner with it. */
export const etagOf = ({ revision }: { readonly revision: Revision }): string => `"${revision}"`;
