/** From `at` on the value is `value`. */
export interface Step<T> {
  readonly at: Date;
  readonly value: T;
}

/**
 * A value that changes over time, with its past and what is already bound to come. The world keeps its state in such
 * lines instead of running timers: whoever asks names the time, so any clock can drive it.
 */
export class Timeline<T> {
  private steps: Step<T>[] = [];

  /** Changes the value from `at` on. Steps that were planned for later are dropped; plan the next one after this. */
  set(at: Date, value: T): void {
    this.steps = [...this.steps.filter((step) => step.at <= at), { at, value }];
  }

  /** The value at a time; null before the first step. */
  at(time: Date): T | null {
    return this.stepAt(time)?.value ?? null;
  }

  /** The last step up to and including a time; undefined before the first. */
  stepAt(time: Date): Step<T> | undefined {
    return this.steps.findLast((step) => step.at <= time);
  }

  /** Whether the value is bound to change after a time. */
  isChangingAfter(time: Date): boolean {
    return this.steps.some((step) => step.at > time);
  }

  /** All steps up to and including a time, oldest first. */
  until(time: Date): readonly Step<T>[] {
    return this.steps.filter((step) => step.at <= time);
  }
}
