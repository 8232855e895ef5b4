import { ComputeError } from '../../workers';
import { idsNamedBy } from './named-ids';

/** How calls of one kind, which each take several ids, are made. */
export interface BatchCall<Answer> {
  /** the most ids that one call takes */
  readonly most: number;
  /** Waits until a call may go out. @throws ComputeError */
  ready(): Promise<void>;
  /** Calls once a call is waited for long enough; answers what calls it off. */
  longEnough(call: () => void): () => void;
  /**
   * Makes one call for all ids.
   * @param waited whether `ready` was waited for; if not, it is waited for here
   * @throws ComputeError
   */
  send(ids: readonly string[], waited: boolean): Promise<(id: string) => Answer>;
}

interface Caller<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Ids with those who asked for them: somebody may ask twice. */
type Batch<Answer> = ReadonlyMap<string, readonly Caller<Answer>[]>;

/**
 * Joins calls for one id each to calls for many. The first goes out at once; what is asked for until it is answered, or
 * while the next one waits for its token, goes out together. So one is under way at a time, unless AWS takes long. AWS refuses a batch as a whole for one bad id; then the rest is sent again, so that
 * each caller gets what he would have got alone. After an unclear outcome it is unclear to all.
 */
export class CallBatcher<Answer> {
  private open: Map<string, Caller<Answer>[]> | null = null;
  /** settles with the latest call; never rejects */
  private underWay: Promise<void> | null = null;

  constructor(private readonly call: BatchCall<Answer>) {}

  submit(id: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const batch = this.openFor(id);
      batch.set(id, [...(batch.get(id) ?? []), { resolve, reject }]);
    });
  }

  private openFor(id: string): Map<string, Caller<Answer>[]> {
    if (this.open && (this.open.size < this.call.most || this.open.has(id))) return this.open;
    const batch = new Map<string, Caller<Answer>[]>();
    this.open = batch;
    void this.run(batch);
    return batch;
  }

  private async run(batch: Batch<Answer>): Promise<void> {
    try {
      if (this.underWay) await this.answered(this.underWay);
      await this.call.ready();
    } catch (error) {
      refuse(batch, error);
      return;
    } finally {
      if (this.open === batch) this.open = null;
    }
    const delivery = this.deliver(batch, true).finally(() => {
      if (this.underWay === delivery) this.underWay = null;
    });
    this.underWay = delivery;
    await delivery;
  }

  /** Waits for a call to be answered, but not long. */
  private answered(call: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const callOff = this.call.longEnough(resolve);
      void call.then(() => {
        callOff();
        resolve();
      });
    });
  }

  private async deliver(batch: Batch<Answer>, waited: boolean): Promise<void> {
    const ids = [...batch.keys()];
    try {
      const answerOf = await this.call.send(ids, waited);
      for (const [id, callers] of batch) for (const { resolve } of callers) resolve(answerOf(id));
    } catch (error) {
      if (ids.length === 1 || !isAboutSome(error)) {
        refuse(batch, error);
        return;
      }
      const named = idsNamedBy(error, ids);
      if (named.length > 0 && named.length < ids.length) {
        refuse(only(batch, named), error);
        await this.deliver(without(batch, named), false);
        return;
      }
      const half = ids.slice(0, Math.ceil(ids.length / 2));
      await Promise.all([this.deliver(only(batch, half), false), this.deliver(without(batch, half), false)]);
    }
  }
}

/** Codes that are about the account, and would come for each id alike. */
const OF_THE_ACCOUNT = ['OptInRequired', 'PendingVerification', 'Blocked', 'AccessDenied'];
const DENIED = 'UnauthorizedOperation';

/** Whether AWS may have refused all because of some. */
function isAboutSome(error: unknown): boolean {
  if (!(error instanceof ComputeError)) return false;
  switch (error.failure) {
    case 'rejected':
      if (OF_THE_ACCOUNT.includes(error.awsCode)) return false;
      return error.awsCode !== DENIED || /on resource: \S*instance\//.test(textOf(error));
    case 'wrong-state':
    case 'not-found':
    case 'quota':
    case 'capacity':
    case 'placement':
      return true;
    case 'later':
    case 'throttled':
    case 'unreachable':
    case 'credentials':
    case 'token-spent':
    case 'unclear':
      return false;
  }
}

function textOf({ cause }: ComputeError): string {
  return (Object(cause) as { readonly message?: string }).message ?? '';
}

function refuse<Answer>(batch: Batch<Answer>, error: unknown): void {
  for (const callers of batch.values()) for (const { reject } of callers) reject(error);
}

function only<Answer>(batch: Batch<Answer>, ids: readonly string[]): Batch<Answer> {
  return new Map([...batch].filter(([id]) => ids.includes(id)));
}

function without<Answer>(batch: Batch<Answer>, ids: readonly string[]): Batch<Answer> {
  return new Map([...batch].filter(([id]) => !ids.includes(id)));
}
