/** Tells whoever serves requests that there is something to do: without it the next tick sees it. */
export class RequestBell {
  private listener: (() => void) | null = null;

  ring(): void {
    this.listener?.();
  }

  /** Null: nobody listens any more. The listener must not throw. */
  listen(listener: (() => void) | null): void {
    this.listener = listener;
  }
}
