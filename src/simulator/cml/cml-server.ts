import { type IdSource } from '../../kernel/ids';
import { type CmlCredentials } from '../simulator-options';
import { Timeline } from '../timeline';
import { type CmlFault } from './cml-fault';

export interface CmlUser {
  readonly id: string;
  readonly username: string;
  admin: boolean;
  readonly created: Date;
}

export interface Lab {
  readonly id: string;
  readonly title: string;
  readonly owner: CmlUser;
  readonly created: Date;
  readonly nodeCount: number;
  modified: Date;
  state: 'DEFINED_ON_CORE' | 'STOPPED' | 'STARTED';
}

export interface TelemetryEvent {
  readonly category: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Labs that were running when their server was switched off. */
export interface Interruption {
  readonly at: Date;
  readonly labs: readonly string[];
}

/** Id of the built-in `admin` of every CML server. */
const ADMIN_ID = '00000000-0000-4000-a000-000000000000';
const NODES_PER_LAB = 4;

/** What one CML server knows, whether its machine is on or off: users, labs, telemetry. It has no clock. */
export class CmlServer {
  readonly computeId: string;
  readonly users: CmlUser[];
  readonly labs: Lab[] = [];
  readonly telemetry: TelemetryEvent[] = [];
  readonly interruptions: Interruption[] = [];
  /** how many labs run, now and before */
  readonly runningLabs = new Timeline<number>();
  fault: CmlFault = 'none';
  /** by user name, of those who can log in */
  private readonly passwords = new Map<string, string>();

  constructor(
    readonly hostname: string,
    readonly version: string,
    private readonly installed: Date,
    { username, password }: CmlCredentials,
    private readonly ids: IdSource,
  ) {
    this.computeId = ids.next();
    this.users = [{ id: ADMIN_ID, username: 'admin', admin: true, created: installed }];
    this.setAccount(username, password);
  }

  /** Opens an account, or gives it another password; that changes nothing for the sessions that it has. */
  setAccount(
    username: string,
    password: string,
    { admin = true }: { readonly admin?: boolean } = {},
  ): CmlUser {
    const user = this.userNamed(username);
    user.admin = admin;
    this.passwords.set(username, password);
    return user;
  }

  /** The user whose name and password these are, else null. */
  authenticate({ username, password }: CmlCredentials): CmlUser | null {
    return this.passwords.get(username) === password ? this.userNamed(username) : null;
  }

  /** The user of that name, who gets an account if there is none. */
  userNamed(username: string): CmlUser {
    const known = this.users.find((user) => user.username === username);
    if (known) return known;
    const user = { id: this.ids.next(), username, admin: false, created: this.installed };
    this.users.push(user);
    return user;
  }

  /** The user's lab of that title, imported now if there is none. */
  labOf(owner: CmlUser, title: string, at: Date): Lab {
    const known = this.labs.find((lab) => lab.owner.id === owner.id && lab.title === title);
    if (known) return known;
    const times = { created: at, modified: at };
    const lab: Lab = {
      ...{ id: this.ids.next(), title, owner, nodeCount: NODES_PER_LAB, ...times },
      state: 'DEFINED_ON_CORE',
    };
    this.labs.push(lab);
    this.record('import_lab', owner, at, { lab_id: lab.id });
    return lab;
  }

  startLab(lab: Lab, user: CmlUser, at: Date): void {
    if (lab.state === 'STARTED') return;
    this.record('start_lab', user, at, { lab_id: lab.id });
    for (let node = 0; node < lab.nodeCount; node += 1) {
      this.record('start_node', user, at, { lab_id: lab.id, node_id: `n${node}` });
    }
    this.move(lab, 'STARTED', at);
  }

  stopLab(lab: Lab, user: CmlUser, at: Date): void {
    if (lab.state !== 'STARTED') return;
    this.record('stop_lab', user, at, { lab_id: lab.id });
    this.move(lab, 'STOPPED', at);
  }

  /** The machine goes off under the labs that run: they stop without a trace in the telemetry. */
  powerOff(at: Date): void {
    const running = this.running();
    if (running.length === 0) return;
    this.interruptions.push({ at, labs: running.map((lab) => lab.title) });
    for (const lab of running) this.move(lab, 'STOPPED', at);
  }

  running(): Lab[] {
    return this.labs.filter((lab) => lab.state === 'STARTED');
  }

  /** Nodes that run, of all labs. */
  runningNodes(): number {
    return this.running().reduce((sum, { nodeCount }) => sum + nodeCount, 0);
  }

  /** @param user null for what the server reports by itself */
  record(category: string, user: CmlUser | null, at: Date, data: Record<string, unknown> = {}): void {
    this.telemetry.push({ category, at, data: user ? { user_id: user.id, ...data } : data });
  }

  private move(lab: Lab, state: Lab['state'], at: Date): void {
    lab.state = state;
    lab.modified = at;
    this.runningLabs.set(at, this.running().length);
  }
}
