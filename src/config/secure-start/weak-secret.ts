/** What nobody draws at random, and everybody writes into an example. */
const WORDS =
  /admin-?key|change-?(me|it)|example|password|passphrase|bootstrap|default|placeholder|secret|cml-?fleet/i;
/** Of 32 random hexadecimal digits fewer than this are different once in billions of draws. */
const FEWEST_DIFFERENT = 7;
/** Neighbours that are equal, or follow each other in the alphabet; random hexadecimal digits have a sixth of them. */
const MOST_IN_ORDER = 2 / 3;

/** Why a secret can be guessed, in words that do not hold it; null: nothing speaks for it. */
export function weaknessOf(secret: string): string | null {
  if (WORDS.test(secret)) return 'holds a word that stands in examples';
  if (new Set(secret).size < FEWEST_DIFFERENT) return 'repeats a few characters';
  if (periodOf(secret) <= secret.length / 2) return 'repeats itself';
  return shareInOrder(secret) > MOST_IN_ORDER ? 'counts up or down' : null;
}

/** The length of the shortest text that makes this one by being written again and again. */
function periodOf(text: string): number {
  for (let period = 1; period < text.length; period += 1) {
    if (text.startsWith(text.slice(period))) return period;
  }
  return text.length;
}

function shareInOrder(text: string): number {
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  const inOrder = codes.filter((code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1);
  return inOrder.length / Math.max(1, codes.length - 1);
}
