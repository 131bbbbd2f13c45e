import { createHash } from 'node:crypto';
import type { ListQuery, Position } from '../../application/ports.ts';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';

const CHECK_BYTES = 8;
const TIME_BYTES = 6;
const REVISION_BYTES = 6;
const BYTES = CHECK_BYTES + TIME_BYTES + REVISION_BYTES + 16;

/** What a cursor is good for: the same list, which may be cut into pages of another size. */
type ListScope = Pick<ListQuery, 'deleted' | 'completed' | 'text' | 'orderBy' | 'descending'>;

/**
 * A position in a list, as 48 characters of base64url. It carries a checksum over the owner, the filters and the order,
 * so that it fits no other list. That is a guard against mistakes, not a secret: the owner is taken from the path.
 */
export function encodeCursor(position: Position, owner: UserId, scope: ListScope): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUIntBE(position.createdAt.getTime(), CHECK_BYTES, TIME_BYTES);
  bytes.writeUIntBE(position.revision, CHECK_BYTES + TIME_BYTES, REVISION_BYTES);
  bytes.write(position.id.replaceAll('-', ''), BYTES - 16, 'hex');
  checksum(bytes, owner, scope).copy(bytes);
  return bytes.toString('base64url');
}

/** @returns `undefined` for anything that `encodeCursor` did not make for this list */
export function decodeCursor(cursor: string, owner: UserId, scope: ListScope): Position | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== BYTES || bytes.toString('base64url') !== cursor) return undefined;
  if (!checksum(bytes, owner, scope).equals(bytes.subarray(0, CHECK_BYTES))) return undefined;
  return {
    createdAt: new Date(bytes.readUIntBE(CHECK_BYTES, TIME_BYTES)),
    revision: bytes.readUIntBE(CHECK_BYTES + TIME_BYTES, REVISION_BYTES) as Revision,
    id: uuidOf(bytes.toString('hex', BYTES - 16)),
  };
}

function checksum(bytes: Buffer, owner: UserId, { deleted, completed, text, orderBy, descending }: ListScope): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([owner, deleted, completed ?? null, text ?? null, orderBy, descending]))
    .update(bytes.subarray(CHECK_BYTES))
    .digest()
    .subarray(0, CHECK_BYTES);
}

const uuidOf = (hex: string): TaskId => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as TaskId;
