/** What must never happen, in the words of those whom it would hurt. */
export type Harm =
  | 'an acknowledged command is lost'
  | 'a command is applied twice'
  | 'a command was refused that is there'
  | 'the versions of a stream have gaps or doubles'
  | 'time runs back in a stream'
  | 'the positions of the log have gaps or doubles'
  | 'a commit stands in the log not once'
  | 'a stream stands out of order in the log'
  | 'a reader missed an entry'
  | 'a seal is broken'
  | 'the read model is not what the streams say'
  | 'an event was never delivered'
  | 'events of a stream were first delivered out of order'
  | 'a position moved under an old fence'
  | 'two owners had one fence'
  | 'a subscription was taken before its lease was over'
  | 'something is still put aside in the end'
  | 'there is no rest'
  | 'an error that nobody expects';

export interface Finding {
  readonly harm: Harm;
  readonly what: string;
}

/** Writes down what must not happen. */
export class Witness {
  readonly findings: Finding[] = [];

  note(harm: Harm, what: string): void {
    this.findings.push({ harm, what });
  }

  expect(holds: boolean, harm: Harm, what: () => string): void {
    if (!holds) this.note(harm, what());
  }
}
