import { CmlError, type CmlServer } from '../../telemetry';
import { type Lab, LabClient } from '../application/lab-client';

export function aLab(id: string, given: Partial<Lab> = {}): Lab {
  return {
    ...{ id, title: `Lab ${id}`, owner: 'alice', state: 'STOPPED', nodeCount: 4, linkCount: 3 },
    ...{ createdAt: new Date('2026-12-01T09:00:00.000Z'), modifiedAt: new Date('2026-12-24T09:00:00.000Z') },
    ...given,
  };
}

/** One CML server over a map. A lab that is told to stop does so after it was looked at so many times. */
export class FakeLabs extends LabClient {
  readonly labs = new Map<string, Lab>();
  readonly topologies = new Map<string, string | CmlError>();
  /** what was asked of labs, in order: `stop a` */
  readonly acts: string[] = [];
  /** looks after which a lab stands still once it was told to stop; one that is missing takes one */
  readonly looksToStop = new Map<string, number>();
  /** nodes that still run when all labs have stopped, one answer after the other; then 0 */
  readonly lingering: (number | null)[] = [];
  /** what the next calls of any kind throw, one after the other */
  readonly failures: CmlError[] = [];
  /** starts and stops throw it */
  refusal: CmlError | null = null;
  /** called before each answer */
  beforeAnswer: (call: string) => void = () => undefined;
  private readonly stopping = new Map<string, number>();

  put(...labs: Lab[]): void {
    for (const lab of labs) this.labs.set(lab.id, lab);
  }

  list(_server: CmlServer): Promise<readonly Lab[]> {
    return this.answer('list', () => [...this.labs.values()]);
  }

  get(_server: CmlServer, labId: string): Promise<Lab | null> {
    return this.answer(`get ${labId}`, () => {
      const looks = this.stopping.get(labId);
      if (looks !== undefined) this.goOnStopping(labId, looks - 1);
      return this.labs.get(labId) ?? null;
    });
  }

  start(_server: CmlServer, labId: string): Promise<boolean> {
    return this.act('start', labId, (lab) => this.put({ ...lab, state: 'STARTED' }));
  }

  stop(_server: CmlServer, labId: string): Promise<boolean> {
    return this.act('stop', labId, () => {
      if (!this.stopping.has(labId)) this.stopping.set(labId, this.looksToStop.get(labId) ?? 1);
    });
  }

  topology(_server: CmlServer, labId: string): Promise<string | null> {
    return this.answer(`topology ${labId}`, () => {
      const text = this.topologies.get(labId) ?? null;
      if (text instanceof CmlError) throw text;
      return text;
    });
  }

  runningNodes(_server: CmlServer): Promise<number | null> {
    return this.answer('runningNodes', () => {
      const next = this.lingering.shift();
      return next === undefined ? 0 : next;
    });
  }

  private act(what: string, labId: string, effect: (lab: Lab) => void): Promise<boolean> {
    return this.answer(`${what} ${labId}`, () => {
      if (this.refusal) throw this.refusal;
      this.acts.push(`${what} ${labId}`);
      const lab = this.labs.get(labId);
      if (lab) effect(lab);
      return lab !== undefined;
    });
  }

  private goOnStopping(labId: string, looks: number): void {
    this.stopping.set(labId, looks);
    const lab = this.labs.get(labId);
    if (looks > 0 || !lab) return;
    this.stopping.delete(labId);
    this.put({ ...lab, state: 'STOPPED' });
  }

  private async answer<T>(call: string, answer: () => T): Promise<T> {
    await Promise.resolve();
    this.beforeAnswer(call);
    const failure = this.failures.shift();
    if (failure) throw failure;
    return answer();
  }
}
