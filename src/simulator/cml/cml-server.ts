import { type IdSource } from '../../kernel/ids';
import { type CmlCredentials } from '../simulator-options';
import { type CmlFault } from './cml-fault';
import { type CmlUser } from './cml-user';
import { AT_ONCE, Lab, type LabPace } from './labs/lab';
import { type Flood } from './telemetry-flood';

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
  /** telemetry that is made when somebody reads it */
  readonly floods: Flood[] = [];
  fault: CmlFault = 'none';
  /** by user name, of those who can log in */
  private readonly passwords = new Map<string, string>();

  constructor(
    readonly hostname: string,
    readonly version: string,
    private readonly installed: Date,
    { username, password }: CmlCredentials,
    private readonly ids: IdSource,
    private readonly pace: LabPace = AT_ONCE,
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
    const lab = new Lab({ id: this.ids.next(), title, owner, created: at, nodeCount: NODES_PER_LAB });
    this.labs.push(lab);
    this.record('import_lab', owner, at, { lab_id: lab.id });
    return lab;
  }

  /** Accepted at once; the nodes come up at the pace of the server. */
  startLab(lab: Lab, user: CmlUser, at: Date): void {
    if (!lab.start(at, this.pace)) return;
    this.record('start_lab', user, at, { lab_id: lab.id });
    for (const { id } of lab.nodes) this.record('start_node', user, at, { lab_id: lab.id, node_id: id });
  }

  stopLab(lab: Lab, user: CmlUser, at: Date): void {
    if (lab.stop(at, this.pace)) this.record('stop_lab', user, at, { lab_id: lab.id });
  }

  /** It is gone, and leaves no event. @throws Error where there is none of this id */
  deleteLab(id: string): void {
    const index = this.labs.findIndex((lab) => lab.id === id);
    if (index < 0) throw new Error(`${this.hostname} has no lab ${id}`);
    this.labs.splice(index, 1);
  }

  /** The machine goes off under the labs that run: they stop without a trace in the telemetry. */
  powerOff(at: Date): void {
    const running = this.running(at);
    for (const lab of running) lab.powerOff(at);
    if (running.length > 0) this.interruptions.push({ at, labs: running.map((lab) => lab.title) });
  }

  /** The labs that run, now or before. */
  running(time: Date): Lab[] {
    return this.labs.filter((lab) => lab.stateAt(time) === 'STARTED');
  }

  /** Nodes that run, of all labs. */
  runningNodes(time: Date): number {
    return this.labs.reduce((sum, lab) => sum + lab.runningNodes(time), 0);
  }

  /** @param user null for what the server reports by itself */
  record(category: string, user: CmlUser | null, at: Date, data: Record<string, unknown> = {}): void {
    this.telemetry.push({ category, at, data: user ? { user_id: user.id, ...data } : data });
  }
}
