import { plus, SECOND } from '../../../kernel/clocks';
import { Timeline } from '../../timeline';
import { type CmlUser } from '../cml-user';

export type LabState = 'DEFINED_ON_CORE' | 'STOPPED' | 'STARTED';
/** Of these QUEUED, STARTED and BOOTED are on their way up; STARTED and BOOTED run. */
export type NodeState = LabState | 'QUEUED' | 'BOOTED' | 'DISCONNECTED';

/** How long each node takes, one after the other; seconds of fleet time, 0: no time at all. */
export interface LabPace {
  readonly nodeStartSeconds: number;
  /** started → booted */
  readonly nodeBootSeconds: number;
  readonly nodeStopSeconds: number;
}

export interface LabNode {
  readonly id: string;
  readonly label: string;
  readonly states: Timeline<NodeState>;
}

interface LabFacts {
  readonly id: string;
  readonly title: string;
  readonly owner: CmlUser;
  readonly created: Date;
  readonly nodeCount: number;
}

/** A lab and its nodes, with their past and what is bound to come. */
export class Lab {
  readonly id: string;
  readonly title: string;
  readonly owner: CmlUser;
  readonly created: Date;
  readonly nodes: readonly LabNode[];
  readonly states = new Timeline<LabState>();
  /** free text of its people, also in its topology */
  notes = '';
  modified: Date;
  /** what was asked for last; nodes may be on their way */
  private goal: LabState = 'DEFINED_ON_CORE';

  constructor({ id, title, owner, created, nodeCount }: LabFacts) {
    this.id = id;
    this.title = title;
    this.owner = owner;
    this.created = created;
    this.modified = created;
    this.states.set(created, 'DEFINED_ON_CORE');
    this.nodes = Array.from({ length: nodeCount }, (_, index) => aNode(id, index, created));
  }

  get nodeCount(): number {
    return this.nodes.length;
  }

  stateAt(time: Date): LabState {
    return this.states.at(time) ?? 'DEFINED_ON_CORE';
  }

  runningNodes(time: Date): number {
    return this.nodes.filter(({ states }) => ['STARTED', 'BOOTED'].includes(states.at(time) ?? '')).length;
  }

  /** Whether all nodes are where they were told to go. */
  isConverged(time: Date): boolean {
    return [this, ...this.nodes].every(({ states }) => !states.isChangingAfter(time));
  }

  /** @returns false where it is started, or starting, already */
  start(at: Date, { nodeStartSeconds, nodeBootSeconds }: LabPace): boolean {
    if (this.goal === 'STARTED') return false;
    this.head('STARTED', at);
    this.states.set(at, 'STARTED');
    for (const [index, { states }] of this.nodes.entries()) {
      const started = plus(at, (index + 1) * nodeStartSeconds * SECOND);
      if (started > at) states.set(at, 'QUEUED');
      states.set(started, 'STARTED');
      states.set(plus(started, nodeBootSeconds * SECOND), 'BOOTED');
    }
    return true;
  }

  /** The lab counts as started until its last node is down. @returns false where it is stopped, or stopping, already */
  stop(at: Date, { nodeStopSeconds }: LabPace): boolean {
    if (this.goal !== 'STARTED') return false;
    this.head('STOPPED', at);
    let down = at;
    for (const { states } of this.nodes) {
      down = plus(down, nodeStopSeconds * SECOND);
      states.set(down, 'STOPPED');
    }
    this.states.set(down, 'STOPPED');
    return true;
  }

  /** All of it is down at once, also what was on its way. */
  powerOff(at: Date): void {
    this.head('STOPPED', at);
    for (const { states } of [this, ...this.nodes]) states.set(at, 'STOPPED');
  }

  private head(goal: LabState, at: Date): void {
    this.goal = goal;
    this.modified = at;
  }
}

/** Everything at once. */
export const AT_ONCE: LabPace = { nodeStartSeconds: 0, nodeBootSeconds: 0, nodeStopSeconds: 0 };

function aNode(labId: string, index: number, created: Date): LabNode {
  const states = new Timeline<NodeState>();
  states.set(created, 'DEFINED_ON_CORE');
  // Made of the lab's id, so that labs do not use up ids that tests count on.
  const id = (index + 1).toString(16).padStart(8, '0') + labId.slice(8);
  return { id, label: `router-${index}`, states };
}
