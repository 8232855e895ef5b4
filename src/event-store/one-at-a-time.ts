/**
 * Work that never overlaps with itself. A call during a run gets one more run after it, shared by all who called
 * meanwhile, since the present run may have passed what the call is about.
 */
export class OneAtATime<T> {
  private running: Promise<T> | null = null;
  private next: Promise<T> | null = null;

  constructor(private readonly work: () => Promise<T>) {}

  run(): Promise<T> {
    if (this.running) {
      this.next ??= this.settled(this.running).then(() => {
        this.next = null;
        return this.run();
      });
      return this.next;
    }
    this.running = this.work().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Resolves when nothing runs and nothing waits to run; never rejects. */
  async idle(): Promise<void> {
    for (let work = this.next ?? this.running; work; work = this.next ?? this.running)
      await this.settled(work);
  }

  /** Those who called for a run get its error; those who wait for its end do not. */
  private async settled(work: Promise<T>): Promise<void> {
    await Promise.allSettled([work]);
  }
}
