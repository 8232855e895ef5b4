import { type Command, InvalidArgumentError } from 'commander';
import { type AdminIo } from './admin-io';
import { CliError, EXIT, type ExitStatus } from './cli-error';
import { type Answer, FleetApi, type Page, type Query } from './fleet-api';
import { type AccessOptions, accessOf } from './server-access';

/** One call of the command line: the server, how to show what it says, and to whom. */
export class Session {
  constructor(
    readonly api: FleetApi,
    readonly io: AdminIo,
    /** answers as the API gave them, for scripts */
    readonly json: boolean,
  ) {}

  out(lines: readonly string[]): void {
    for (const line of lines) this.io.out(line);
  }

  /** Waits for so many milliseconds. @throws CliError when the person has had enough meanwhile */
  async pause(ms: number): Promise<void> {
    await this.io.pause(ms, this.io.signal).catch((cause: unknown) => {
      throw new CliError('interrupted', EXIT.interrupted, { cause });
    });
  }

  /** An answer as it came, or in lines for a person. */
  show<T>(answer: Answer<T>, lines: (body: T) => readonly string[]): void {
    if (this.json) this.io.out(answer.text);
    else this.out(lines(answer.body));
  }

  /** A list: as JSON the one page that was asked for, as it came; for a person all pages, or the one they want. */
  async showList<T>(
    path: string,
    query: Query & PageOptions,
    lines: (items: readonly T[]) => readonly string[],
  ): Promise<void> {
    const isWhole = query.limit === undefined && query.cursor === undefined;
    if (isWhole && !this.json) {
      this.out(lines(await this.api.all<T>(path, query)));
      return;
    }
    const answer = await this.api.get<Page<T>>(path, { limit: 200, ...defined(query) });
    this.show(answer, ({ items }) => lines(items));
    const { nextCursor } = answer.body;
    if (nextCursor) this.io.err(`there are more: --cursor ${nextCursor}`);
  }
}

export interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** For options that are a number. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** For a command that shows a list. */
export function withPages(command: Command): Command {
  return command
    .option('--limit <n>', 'one page of so many (1 to 200) instead of all', wholeNumber)
    .option('--cursor <text>', 'the page that a page before it named');
}

export interface GlobalOptions extends AccessOptions {
  readonly json?: boolean;
}

/** What a command does; it answers an exit status where that is not 0. */
type Work<A extends unknown[]> = (session: Session, ...args: A) => Promise<ExitStatus | void>;

/** Makes an action of commander of it. */
export type Act = <A extends unknown[]>(work: Work<A>) => (...args: [...A, Command]) => Promise<void>;

export function actions(io: AdminIo, ended: (status: ExitStatus) => void): Act {
  return <A extends unknown[]>(work: Work<A>) =>
    async (...all: [...A, Command]) => {
      const args = all.slice(0, -1) as A;
      const options = (all.at(-1) as Command).optsWithGlobals<GlobalOptions>();
      const { url, key } = accessOf(options, io);
      const session = new Session(new FleetApi(url, key, io), io, options.json ?? false);
      const status = await work(session, ...args);
      if (status) ended(status);
    };
}

function defined(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
