import { RunInstancesCommand, type StopInstancesCommand } from '@aws-sdk/client-ec2';
import { type MachineClock } from '../../kernel/clocks';
import { ComputeError, STOP_TOO_LATE } from '../../workers';
import { sentAs } from './calls/sending';

/**
 * Makes a command fail rather than leave after a time: waiting for a token, looking up credentials, signing and waiting
 * for a connection take time, and what allowed the call may no longer be so. The clock is read as the very last step before the request goes
 * to the connection, and the request is given up at the deadline, so that it does not wait for one past it.
 * @returns the options to send the command with, by a client that does not repeat
 * @throws ComputeError `SendBeforePassed`, from the send
 */
export function sendBeforeDeadline(
  command: StopInstancesCommand | RunInstancesCommand,
  sendBefore: Date,
  machine: MachineClock,
  { requestTimeoutMs }: { readonly requestTimeoutMs: number },
): { readonly requestTimeout: number } {
  const left = (): number => sendBefore.getTime() - machine.now().getTime();
  const error = command instanceof RunInstancesCommand ? launchTooLate : stopTooLate;
  const inTime = <A, R>(next: (args: A) => Promise<R>) => {
    return (args: A): Promise<R> => {
      if (left() <= 0) throw error(sendBefore);
      return next(args);
    };
  };
  const options = { step: 'deserialize', priority: 'low', name: 'sendBeforeDeadline' } as const;
  if (command instanceof RunInstancesCommand) command.middlewareStack.add(inTime, options);
  else command.middlewareStack.add(inTime, options);
  sentAs(command, { notAfter: sendBefore });
  return {
    // read when the request goes to the connection; 0 would mean no time-out at all
    get requestTimeout() {
      return Math.max(1, Math.min(requestTimeoutMs, left()));
    },
  };
}

/** Nothing happened: whoever took so long may have been overtaken by another launch. */
function launchTooLate(sendBefore: Date): ComputeError {
  const message = `The launch was not sent: it was to leave before ${sendBefore.toISOString()}. It is tried again.`;
  return new ComputeError('later', STOP_TOO_LATE, message);
}

function stopTooLate(sendBefore: Date): ComputeError {
  const message = `The stop was not sent: what allowed it held until ${sendBefore.toISOString()} only.`;
  return new ComputeError('rejected', STOP_TOO_LATE, message);
}
