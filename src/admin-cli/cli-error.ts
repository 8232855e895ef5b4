/** Exit statuses, for scripts; docs/cli.md has the table. */
export const EXIT = {
  fine: 0,
  /** something was found, or is not as it was asked for */
  failed: 1,
  usage: 2,
  /** no valid key, or too small a role */
  denied: 3,
  notFound: 4,
  /** the server understood, and will not: the state or the values do not allow it */
  refused: 5,
  /** no answer, or the server cannot now: the same may work later */
  unavailable: 6,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** What a person can put right; its message is all that is shown. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly status: ExitStatus,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export class WrongUsage extends CliError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT.usage, options);
  }
}
