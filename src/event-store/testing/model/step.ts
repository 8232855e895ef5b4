import { type Fate } from './simulated-process';

/** Some calls of a process are let go; the fate is the last one's. */
export interface Calls {
  readonly times: number;
  readonly fate: Fate;
}

/** One thing that happens. Numbers choose among what there is to choose from just then. */
export type Step =
  | ({ do: 'go'; process: number; call: number } & Calls)
  /** what a process has given up on is done after all */
  | { do: 'arrive'; late: number }
  | ({ do: 'send'; command: number; process: number } & Calls)
  /** a command is done, and in the log, without disturbance */
  | { do: 'grow'; command: number }
  | ({ do: 'sequence'; process: number } & Calls)
  | ({ do: 'look'; process: number; ms: number } & Calls)
  /** a process stands still, at work if it is one that looks for work, and so much time passes */
  | { do: 'stall'; process: number; times: number; ms: number }
  | ({ do: 'resume'; process: number } & Calls)
  | { do: 'wait'; ms: number }
  | { do: 'skew'; process: number; ms: number }
  | { do: 'break'; book: number }
  | { do: 'mend'; book: number }
  /** a person asks for a retry of what is put aside */
  | { do: 'ask' }
  | { do: 'read' };
