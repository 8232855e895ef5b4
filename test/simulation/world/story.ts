import { type Found, type Harm } from '../judge/harms';

/** What happened in a run, for whoever looks into a failure. Kept only where somebody wants to read it. */
export class Story {
  readonly lines: string[] = [];
  readonly harms: Found[] = [];

  constructor(private readonly wanted: boolean) {}

  tell(at: number, what: () => string): void {
    if (this.wanted) this.lines.push(`${new Date(at).toISOString()}  ${what()}`);
  }

  harm(at: number, harm: Harm, what: string): void {
    this.harms.push({ harm, at, what });
    this.tell(at, () => `HARM: ${harm}: ${what}`);
  }

  get text(): string {
    return this.lines.join('\n');
  }
}
