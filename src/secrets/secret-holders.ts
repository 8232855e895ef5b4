/** A part of the program that keeps refs of secrets in what it stores. */
export interface SecretHolder {
  /** `webhooks`: as the root lists it */
  readonly name: string;
  /**
   * Of these refs those that it refers to, or may refer to, by what is stored now. What keeps it from knowing it throws:
   * then nothing is removed.
   */
  heldOf(refs: readonly string[]): Promise<readonly string[]>;
}

/** All who keep refs of secrets; each adds itself when its module starts. */
export class SecretHolders {
  private readonly holders = new Map<string, SecretHolder>();

  /** @param expected names of all of them: without one of them nobody can say that a secret is unused */
  constructor(private readonly expected: readonly string[]) {}

  /** @throws RangeError for a name that is not expected, or taken */
  add(holder: SecretHolder): void {
    const { name } = holder;
    if (!this.expected.includes(name) || this.holders.has(name)) {
      throw new RangeError(`${name} is no holder of secrets that is expected, or was added already`);
    }
    this.holders.set(name, holder);
  }

  /** Of these refs those that nobody refers to. @throws Error when a holder is missing, and what holders throw */
  async unheld(refs: readonly string[]): Promise<string[]> {
    const missing = this.expected.filter((name) => !this.holders.has(name));
    if (missing.length > 0) throw new Error(`nobody can ask for refs of secrets: ${missing.join(', ')}`);
    const held = await Promise.all([...this.holders.values()].map((holder) => holder.heldOf(refs)));
    const known = new Set(held.flat());
    return refs.filter((ref) => !known.has(ref));
  }
}
