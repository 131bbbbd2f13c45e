/** Lengths are in Unicode code points. The CHECKs of the database repeat them; a test holds the two together. */
export const TITLE_MAX_LENGTH = 255;
export const DESCRIPTION_MAX_LENGTH = 4_000;
export const USER_ID_MAX_LENGTH = 255;

/** At least one character that a reader can see: neither white space nor one of Unicode's zero-width characters. */
export const VISIBLE_PATTERN = '[^\\p{White_Space}\\p{Default_Ignorable_Code_Point}]';

/** `.` and `..` are refused because HTTP clients resolve them away before they send a path. */
export const USER_ID_PATTERN = `^(?!\\.{1,2}$)[A-Za-z0-9._~@:|+=-]{1,${USER_ID_MAX_LENGTH}}$`;

/** Text that PostgreSQL can keep to the byte: no U+0000 and no unpaired surrogate. */
export const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
