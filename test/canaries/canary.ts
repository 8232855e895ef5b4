/** A secret that must never leave: what it is called in reports, and its text, or bytes that are no text. */
export interface Canary {
  readonly name: string;
  readonly value: string | Buffer;
}

/** A piece of this many bytes of a secret is a find. */
export const WINDOW = 12;

/**
 * The ways in which a program may write a secret, each with the bytes that this comes to: as it is, backwards, in base64
 * and base64url wherever it begins in what is encoded, in hex, in a URL, and in JSON, also JSON within JSON.
 */
export function formsOf({ value }: Canary): [form: string, bytes: Buffer][] {
  const bytes = Buffer.from(value as string);
  const forms: [string, Buffer][] = [
    ['plain', bytes],
    ['backwards', Buffer.from(bytes).reverse()],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
  ];
  for (const before of [0, 1, 2]) {
    forms.push(['base64', encodedAfter(before, bytes, 'base64')]);
    forms.push(['base64url', encodedAfter(before, bytes, 'base64url')]);
  }
  if (typeof value !== 'string') return forms;
  const json = JSON.stringify(value).slice(1, -1);
  const texts = {
    'in a URL': encodeURIComponent(value),
    'in a form': new URLSearchParams({ x: value }).toString().slice(2),
    'in JSON': json,
    'in JSON in JSON': JSON.stringify(json).slice(1, -1),
  };
  for (const [form, text] of Object.entries(texts)) forms.push([form, Buffer.from(text)]);
  return forms;
}

/** What base64 of a longer text has of the bytes for sure, where so many others (modulo 3) come before them. */
function encodedAfter(before: number, bytes: Buffer, encoding: 'base64' | 'base64url'): Buffer {
  const whole = bytes.subarray((3 - before) % 3);
  return Buffer.from(whole.subarray(0, whole.length - (whole.length % 3)).toString(encoding));
}
