import { type Canary, formsOf, WINDOW } from './canary';

/** A piece of a canary. It does not hold the text of the canary: reports are read by many. */
export interface Find {
  readonly canary: string;
  /** how it is written: plain, base64, … */
  readonly form: string;
  /** of the first piece in the bytes that were searched */
  readonly offset: number;
}

const SIEVE_BITS = 22;
/** Fibonacci hashing (Knuth, TAOCP 3, 6.4) of a piece's first four bytes. */
const slotOf = (word: number) => Math.imul(word, 0x9e3779b1) >>> (32 - SIEVE_BITS);

/** Looks for every piece of every form of many canaries at once. */
export class CanarySearch {
  private readonly pieces = new Map<string, { readonly canary: string; readonly form: string }>();
  /** tells of nearly all places that no piece begins there, so that megabytes take a moment */
  private readonly sieve = new Uint8Array(1 << SIEVE_BITS);

  /** @throws RangeError for a canary that is too short to be told from ordinary text */
  constructor(canaries: readonly Canary[]) {
    for (const canary of canaries) {
      if (Buffer.byteLength(canary.value) < 2 * WINDOW) {
        throw new RangeError(`the canary "${canary.name}" has less than ${2 * WINDOW} bytes`);
      }
      for (const [form, bytes] of formsOf(canary)) this.add(canary.name, form, bytes);
    }
  }

  /** The first piece of each form of each canary. */
  in(bytes: Buffer): Find[] {
    const finds = new Map<string, Find>();
    for (let offset = 0; offset + WINDOW <= bytes.length; offset += 1) {
      if (this.sieve[slotOf(bytes.readUInt32LE(offset))] === 0) continue;
      const piece = this.pieces.get(bytes.toString('latin1', offset, offset + WINDOW));
      if (!piece) continue;
      const key = `${piece.canary} ${piece.form}`;
      if (!finds.has(key)) finds.set(key, { ...piece, offset });
    }
    return [...finds.values()];
  }

  private add(canary: string, form: string, bytes: Buffer): void {
    for (let offset = 0; offset + WINDOW <= bytes.length; offset += 1) {
      const piece = bytes.toString('latin1', offset, offset + WINDOW);
      if (!this.pieces.has(piece)) this.pieces.set(piece, { canary, form });
      this.sieve[slotOf(bytes.readUInt32LE(offset))] = 1;
    }
  }
}
