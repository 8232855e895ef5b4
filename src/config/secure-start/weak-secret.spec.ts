import { createHash } from 'node:crypto';
import { weaknessOf } from './weak-secret';

it.each([
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'repeats a few characters'],
  ['0101010101010101010101010101010110', 'repeats a few characters'],
  ['k3J9xQ2mk3J9xQ2mk3J9xQ2mk3J9xQ2m', 'repeats itself'],
  ['k3J9xQ2mVb7k3J9xQ2mVb7k3J9xQ2mVb', 'repeats itself'],
  ['abcdefghijklmnopqrstuvwxyz012345', 'counts up or down'],
  ['zyxwvutsrqponmlkjihgfedcba987654', 'counts up or down'],
  ['admin-key-of-the-tests-00000000000', 'holds a word that stands in examples'],
  ['please-Change-Me-before-you-go-on-1', 'holds a word that stands in examples'],
  ['Passw0rd-password-8372649573629182', 'holds a word that stands in examples'],
])('finds %s weak', (secret, reason) => {
  expect(weaknessOf(secret)).toBe(reason);
});

it('finds nothing in what is drawn at random, however it is written', () => {
  for (let draw = 0; draw < 20_000; draw += 1) {
    const bytes = createHash('sha256').update(`draw ${draw}`).digest();
    const written = [bytes.toString('hex').slice(0, 32), bytes.toString('base64'), bytes.toString('latin1')];
    expect([draw, written.map(weaknessOf)]).toEqual([draw, [null, null, null]]);
  }
});
