/** An append that has ended, with machine milliseconds; conflict: somebody else was faster. */
export interface AppendNote {
  readonly durationMs: number;
  readonly outcome: 'stored' | 'conflict' | 'failed';
}

/** Tells how long appends of this process took. */
export class AppendWatch {
  private readonly listeners: ((note: AppendNote) => void)[] = [];

  /** Listeners must not throw. */
  listen(listener: (note: AppendNote) => void): void {
    this.listeners.push(listener);
  }

  note(note: AppendNote): void {
    for (const listener of this.listeners) listener(note);
  }
}
