import { z } from 'zod';

const MOST = 20;

/**
 * One or more of these words in a query, with commas: `a,b`. Left out: any. The document shows the words by a pattern: how a
 * text is taken apart, it could not tell.
 */
export function oneOrMoreOf<T extends Readonly<Record<string, string>>>(words: z.ZodEnum<T>) {
  const word = `(${words.options.join('|')})`;
  return z
    .string()
    .meta({ pattern: `^${word}(,${word})*$` })
    .transform((text) => text.split(','))
    .pipe(z.array(words).max(MOST))
    .optional();
}
