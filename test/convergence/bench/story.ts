import { type FleetClock } from '../../../src/kernel/clocks';
import { type AwsCall } from '../../../src/simulator/aws/call-log';
import { type World } from '../../../src/simulator/world';

/** What happened, in words, and what must never happen. */
export class Story {
  readonly harms: string[] = [];
  private readonly lines: { readonly at: Date; readonly text: string }[] = [];

  constructor(private readonly clock: FleetClock) {}

  tell(text: string): void {
    this.lines.push({ at: this.clock.now(), text });
  }

  harm(text: string): void {
    // a worker may be released while a sweep is under way
    if (text.includes('WorkerNotFound')) return this.tell(text);
    if (this.harms.includes(text)) return;
    this.harms.push(text);
    this.tell(`HARM: ${text}`);
  }

  /** How many calls changed something in a region, or tried to. */
  changes(world: World, of: string): number {
    return world.log
      .counts()
      .filter(({ region }) => region === of)
      .filter(({ action }) => !/^(Describe|GetCallerIdentity)/.test(action))
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** With the calls as AWS received them, and the stored events, in the order of their time. */
  text(received: readonly AwsCall[], commits: readonly { at: Date; what: string }[]): string {
    const calls = received.map((call, index) => ({ at: call.at, index, text: `  AWS: ${wordsOf(call)}` }));
    const told = this.lines.map((line, index) => ({ ...line, index }));
    const stored = commits.map(({ at, what }, index) => ({ at, index, text: `    ${what}` }));
    return [...told, ...calls, ...stored]
      .sort((a, b) => a.at.getTime() - b.at.getTime())
      .map(({ at, text }) => `${at.toISOString().slice(5, 19)} ${text}`)
      .join('\n');
  }
}

function wordsOf({ action, region, params, outcome }: AwsCall): string {
  const about = [
    'InstanceId.1',
    'ResourceId.1',
    'InstanceId',
    'ClientToken',
    'Filter.1.Value.1',
    'InstanceType',
    'SubnetId',
  ];
  const facts = about.map((name) => params[name]).filter((value) => typeof value === 'string');
  return `${action} ${region} ${facts.join(' ')}: ${outcome}`;
}
