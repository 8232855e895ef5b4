/** Tells this process that it appended something: an accelerator for what would otherwise be seen at the next tick. */
export class AppendSignal {
  private readonly listeners = new Set<() => void>();

  /** Answers the function that ends it. Listeners must not throw. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  notify(): void {
    for (const listener of this.listeners) listener();
  }
}
