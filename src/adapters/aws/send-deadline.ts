import { type StopInstancesCommand } from '@aws-sdk/client-ec2';
import { type MachineClock } from '../../kernel/clocks';
import { ComputeError, STOP_TOO_LATE } from '../../workers';
import { sentAs } from './calls/sending';

/**
 * Makes a command fail rather than leave after a time: waiting for a token, looking up credentials, signing and waiting
 * for a connection take time, and what allowed the stop may no longer be so. The clock is read as the very last step before the request
 * goes to the connection, and the request is given up at the deadline, so that it does not wait for one past it.
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

function tooLate(sendBefore: Date): ComputeError {
  const message = `The stop was not sent: what allowed it held until ${sendBefore.toISOString()} only.`;
  return new ComputeError('rejected', STOP_TOO_LATE, message);
}
