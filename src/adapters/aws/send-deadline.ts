import { type RunInstancesCommand, type StopInstancesCommand } from '@aws-sdk/client-ec2';
import { type MachineClock } from '../../kernel/clocks';
import { ComputeError, DECIDED_TOO_LONG_AGO, STOP_TOO_LATE } from '../../workers';
import { sentAs } from './calls/sending';

/**
 * Makes a command fail rather than leave after a time: waiting for a token, looking up credentials, signing and waiting
 * for a connection take time, and what allowed the call may no longer be so. The clock is read as the very last step before the request goes
 * to the connection, and the request is given up at the deadline, so that it does not wait for one past it.
 * @returns the options to send the command with, by a client that does not repeat
 * @throws ComputeError `SendBeforePassed`, from the send
 */
export function sendBeforeDeadline(
  command: StopInstancesCommand,
  sendBefore: Date,
  machine: MachineClock,
  { requestTimeoutMs }: { readonly requestTimeoutMs: number },
): { readonly requestTimeout: number } {
  const left = (): number => sendBefore.getTime() - machine.now().getTime();
  command.middlewareStack.add(
    (next) => (args) => {
      if (left() <= 0) throw tooLate(sendBefore);
      return next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'sendBeforeDeadline' },
  );
  sentAs(command, { notAfter: sendBefore });
  return {
    // read when the request goes to the connection; 0 would mean no time-out at all
    get requestTimeout() {
      return Math.max(1, Math.min(requestTimeoutMs, left()));
    },
  };
}

/** The same for a launch, which takes its time once it is sent. @throws ComputeError `DecidedTooLongAgo`, from the send */
export function notSentAfter(command: RunInstancesCommand, notAfter: Date, machine: MachineClock): void {
  command.middlewareStack.add(
    (next) => (args) => {
      mustBeInTime(notAfter, machine);
      return next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'notSentAfter' },
  );
  sentAs(command, { notAfter });
}

/** @throws ComputeError `DecidedTooLongAgo` */
export function mustBeInTime(notAfter: Date | undefined, machine: MachineClock): void {
  if (!notAfter || machine.now() <= notAfter) return;
  const message = `The call was not sent: it was decided on too long before ${notAfter.toISOString()}.`;
  throw new ComputeError('later', DECIDED_TOO_LONG_AGO, message);
}

function tooLate(sendBefore: Date): ComputeError {
  const message = `The stop was not sent: what allowed it held until ${sendBefore.toISOString()} only.`;
  return new ComputeError('rejected', STOP_TOO_LATE, message);
}
