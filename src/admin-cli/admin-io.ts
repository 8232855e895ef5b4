/** What the command line sees of its process. */
export interface AdminIo {
  readonly env: NodeJS.ProcessEnv;
  /** one line of the result */
  readonly out: (line: string) => void;
  /** one line of warning or progress, or what went wrong */
  readonly err: (line: string) => void;
  /** machine time */
  readonly now: () => Date;
  /** Waits for so many milliseconds. @throws AbortError when the signal comes first */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** aborted when the person has had enough */
  readonly signal: AbortSignal;
}
