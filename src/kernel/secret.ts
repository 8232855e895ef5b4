import { inspect } from 'node:util';

const MASK = '[secret]';

/**
 * A value that cannot be printed, logged or serialised by accident; `reveal` is the only way to it. Text forms are a
 * mask, copies hold nothing (the value is a private field, which no copy, listing or serialiser of V8 sees), and BSON
 * is refused: a mask in the database would look like what was meant to be stored.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  /** Asked by the BSON serialiser of the MongoDB driver, for documents and their members. @throws TypeError always */
  toBSON(): never {
    throw new TypeError(
      'a secret must not be stored as it is: put it into the vault, and store its reference',
    );
  }

  [inspect.custom](): string {
    return MASK;
  }

  /** For `+`, templates and comparisons, whatever they hint at. */
  [Symbol.toPrimitive](): string {
    return MASK;
  }
}
