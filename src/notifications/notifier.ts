import { type Notice } from './notice';

/** Brings notices to people. */
export abstract class Notifier {
  /** Takes the notice; how it is delivered, and what happens when that fails, is the notifier's own matter. */
  abstract notify(notice: Notice): void;
}
