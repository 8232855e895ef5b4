import { type Secret } from '../../kernel/secret';

const MASK = '[secret]';
/** Shorter than any licence token or JWT, longer than a UUID, which is wanted in a message. */
const LONG_RUN = /[\w+/%=-]{40,}/g;
const JWT = /eyJ[\w-]+(?:\.[\w-]*)*/g;
/** Smart Licensing's way to refuse one: `The token 'ZDQ5…' is not valid.` */
const NAMED_TOKEN = /(\btokens?['"]?[\s:=[]{0,4}['"`])[\w+/%=-]+(?=['"`])/gi;
/**
 * What may stand for a sign in JSON, a URL, HTML or a listing, and every other sign: what remains without them is the
 * same letters and digits, whoever quotes a text.
 */
const SIGN = /\\+(?:u[\da-f]{4}|x[\da-f]{2}|[bfnrt])?|%(?:25)*[\da-f]{2}|&#?\w{1,6};|[^a-z\d]/giy;
/** So many letters and digits of a secret in a row are a part of it; fewer may be an ordinary word. */
const PART = 8;

/**
 * What a CML server says in its own words, without secrets that it may quote: those that were sent to it with the
 * request, whole or in part, escaped or not, and whatever looks like a token.
 */
export function withoutSecrets(text: string, sent: readonly Secret[] = []): string {
  const values = sent.map((secret) => secret.reveal()).filter((value) => value.length > 0);
  let said = text;
  for (const value of values) said = said.replaceAll(value, MASK);
  said = said.replace(NAMED_TOKEN, `$1${MASK}`).replace(JWT, MASK).replace(LONG_RUN, MASK);
  return withoutParts(said, values);
}

/** Each stretch of the text whose letters and digits are a part of a value becomes a mask, with the signs between them. */
function withoutParts(text: string, values: readonly string[]): string {
  const parts = new Set(values.flatMap((value) => partsOf(lettersOf(value).letters)));
  const { letters, places } = lettersOf(text);
  let said = '';
  let told = 0;
  for (let from = 0; from + PART <= letters.length; from += 1) {
    if (!parts.has(letters.slice(from, from + PART))) continue;
    let last = from + PART - 1;
    while (parts.has(letters.slice(last - PART + 2, last + 2))) last += 1;
    said += text.slice(told, places[from]) + MASK;
    told = (places[last] ?? text.length) + 1;
    from = last;
  }
  return said + text.slice(told);
}

function partsOf(letters: string): string[] {
  return Array.from({ length: Math.max(0, letters.length - PART + 1) }, (_, at) =>
    letters.slice(at, at + PART),
  );
}

/** The ASCII letters and digits of a text, and where in it each stands. */
function lettersOf(text: string): { letters: string; places: number[] } {
  const places: number[] = [];
  let letters = '';
  for (let at = 0; at < text.length;) {
    SIGN.lastIndex = at;
    const sign = SIGN.exec(text)?.[0];
    if (sign === undefined) {
      places.push(at);
      letters += text[at];
    }
    at += sign?.length ?? 1;
  }
  return { letters, places };
}
