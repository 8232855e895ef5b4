import { type BodyChange, type CmlFaultRule } from './cml-fault-rule';

/** Whether a rule replaces the answer of a request; of such rules only one strikes. */
export function isOutcome({ status, hang, cut }: CmlFaultRule): boolean {
  return status !== undefined || hang !== undefined || cut !== undefined;
}

/** Everything that goes wrong with one request: what the rules that strike it come to together. */
export class CmlStrike {
  private readonly outcome: CmlFaultRule | undefined;

  constructor(private readonly rules: readonly CmlFaultRule[]) {
    this.outcome = rules.find(isOutcome);
  }

  /** the error that is answered instead */
  get error(): { readonly status: number; readonly description: string; readonly html: boolean } | null {
    const { status, description, html } = this.outcome ?? {};
    if (status === undefined || status < 400) return null;
    return { status, description: description ?? `Simulated error ${status}.`, html: html ?? false };
  }

  /** the status that a good answer has instead of its own */
  get status(): number | null {
    const status = this.outcome?.status;
    return status === undefined || status >= 400 ? null : status;
  }

  /** Nothing comes any more: not even an answer, or not the second half of it. */
  get stop(): { readonly how: 'hang' | 'cut'; readonly answered: 'nothing' | 'half' } | null {
    const { hang, cut } = this.outcome ?? {};
    if (hang !== undefined) return { how: 'hang', answered: hang === 'mid-body' ? 'half' : 'nothing' };
    if (cut !== undefined) return { how: 'cut', answered: cut === 'mid-answer' ? 'half' : 'nothing' };
    return null;
  }

  /** Whether the request is done. Half of a good answer can only come of one that was. */
  get applied(): boolean {
    if (this.outcome?.applied !== undefined) return this.outcome.applied;
    return this.error === null && this.stop?.answered !== 'nothing';
  }

  get latencyMs(): number {
    return this.rules.reduce((total, { latencyMs = 0 }) => total + latencyMs, 0);
  }

  get headers(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.rules.map(({ headers }) => headers)) as Record<string, string>;
  }

  /** in the order in which the rules were added */
  get bodyChanges(): readonly BodyChange[] {
    return this.rules.flatMap(({ body }) => body ?? []);
  }
}
