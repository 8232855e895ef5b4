import { LabCensus } from '../domain/lab-census';

/** Says the same of every worker: what the test wants. */
export class FakeLabCensus extends LabCensus {
  readonly asked: string[] = [];

  constructor(public running: number | null = 0) {
    super();
  }

  runningLabs(workerId: string): Promise<number | null> {
    this.asked.push(workerId);
    return Promise.resolve(this.running);
  }
}
