/** A person, or a program, as an access token of the issuer tells of it. */
export interface Person {
  /** unique and lasting at the issuer */
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
  /** machine time up to which the token is taken */
  readonly expiresAt: Date;
}

/** Where a token's claims hold what the issuer may call as it likes; a dot goes into an object. */
export interface ClaimNames {
  readonly name: string;
  readonly groups: string;
}

export type Claims = Readonly<Record<string, unknown>>;

/** Of a subject: it becomes part of every event that the person causes. */
const LONGEST_SUBJECT = 255;
const LONGEST_NAME = 100;

/** Null without a subject that can be told apart from all others. A name is for show only: without one it is the subject. */
export function personOf(claims: Claims, names: ClaimNames, expiresAt: Date): Person | null {
  const { sub } = claims;
  // what would look like another one in a list, or break a line, is no subject
  if (typeof sub !== 'string' || !/^[\x21-\x7e]+$/.test(sub) || sub.length > LONGEST_SUBJECT) return null;
  const given = claimAt(claims, names.name);
  const name = typeof given === 'string' ? given.replaceAll(/\p{C}/gu, '').trim() : '';
  const groups = groupsIn(claimAt(claims, names.groups));
  return { subject: sub, name: (name || sub).slice(0, LONGEST_NAME), groups, expiresAt };
}

/** A list of texts, or one text with spaces between. Anything else names no group. */
function groupsIn(claim: unknown): string[] {
  const list: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return [...new Set(list.filter((group) => typeof group === 'string' && group !== ''))] as string[];
}

/** A claim by its own name, which may hold dots, or by the names of the objects that lead to it. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((within, name) => memberOf(within, name), claims);
}

function memberOf(within: unknown, name: string): unknown {
  if (typeof within !== 'object' || within === null || !Object.hasOwn(within, name)) return undefined;
  return (within as Claims)[name];
}
