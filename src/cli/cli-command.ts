import { type ParseArgsConfig } from 'node:util';

/** What a tool sees of the process. */
export interface CliIo {
  readonly env: NodeJS.ProcessEnv;
  /** one line of the result */
  readonly out: (line: string) => void;
  /** one line of progress, or what went wrong */
  readonly err: (line: string) => void;
  /** machine time */
  readonly now: () => Date;
}

export type CliValues = Readonly<Record<string, string | boolean | undefined>>;

export interface CliCommand {
  readonly name: string;
  /** one line for the list of commands */
  readonly summary: string;
  /** what `<command> --help` says below the summary */
  readonly help: string;
  readonly options: Readonly<NonNullable<ParseArgsConfig['options']>>;
  /** Answers the exit status: 0 all is well, 1 something was found. @throws WrongUsage */
  readonly run: (values: CliValues, io: CliIo) => Promise<0 | 1>;
}

/** What was asked for makes no sense; the message says how it does. */
export class WrongUsage extends Error {}
