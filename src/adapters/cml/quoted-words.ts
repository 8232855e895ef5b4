import { type Secret } from '../../kernel/secret';

const MASK = '[secret]';
/** Shorter than any licence token or JWT, longer than a UUID, which is wanted in a message. */
const LONG_RUN = /[\w+/%=-]{40,}/g;
const JWT = /eyJ[\w-]+(?:\.[\w-]*)*/g;
/** Smart Licensing's way to refuse one: `The token 'ZDQ5…' is not valid.` */
const NAMED_TOKEN = /(\btokens?['"]?[\s:=[]{0,4}['"`])[\w+/%=-]+(?=['"`])/gi;
/** What may be a part of a secret; anything shorter is an ordinary word. */
const WORD = /[\w+/%=-]{8,}/g;

/**
 * What a CML server says in its own words, without secrets that it may quote: those that were sent to it with the
 * request, whole or in part, and whatever looks like a token.
 */
export function withoutSecrets(text: string, sent: readonly Secret[] = []): string {
  const values = sent.map((secret) => secret.reveal()).filter((value) => value.length > 0);
  let said = text;
  for (const value of values) said = said.replaceAll(value, MASK);
  said = said.replace(NAMED_TOKEN, `$1${MASK}`).replace(JWT, MASK).replace(LONG_RUN, MASK);
  return said.replace(WORD, (word) => (values.some((value) => value.includes(word)) ? MASK : word));
}
