/** Name and code of an instance's state, as EC2 numbers them. */
export const STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;
export type InstanceState = keyof typeof STATE_CODES;

export type Change = 'start' | 'stop' | 'terminate';

/** Whether a change goes ahead, is a success without effect, or answers IncorrectInstanceState. */
export const REACTIONS: Record<Change, Record<InstanceState, 'go' | 'already' | 'refuse'>> = {
  start: {
    pending: 'already',
    running: 'already',
    'shutting-down': 'refuse',
    terminated: 'refuse',
    stopping: 'refuse',
    stopped: 'go',
  },
  stop: {
    pending: 'go',
    running: 'go',
    'shutting-down': 'refuse',
    terminated: 'refuse',
    stopping: 'already',
    stopped: 'already',
  },
  terminate: {
    pending: 'go',
    running: 'go',
    'shutting-down': 'already',
    terminated: 'already',
    stopping: 'go',
    stopped: 'go',
  },
};

/** Why an instance is in its state. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
export interface StateReason {
  readonly code: string;
  readonly message: string;
}

const TEXTS: Readonly<Record<string, string>> = {
  'Client.UserInitiatedShutdown': 'User initiated shutdown',
  'Client.InstanceInitiatedShutdown': 'Instance initiated shutdown',
  'Server.ScheduledStop': 'Stopped due to a scheduled retirement',
  'Server.SpotInstanceShutdown': 'The instance was stopped due to a Spot interruption',
  'Server.SpotInstanceTermination': 'The instance was terminated due to a Spot interruption',
  'Server.InsufficientInstanceCapacity': 'There was insufficient capacity available to satisfy the request',
  'Server.InternalError': 'An internal error caused the instance to terminate during launch',
  'Client.InternalError': 'Client error on launch',
  'Client.VolumeLimitExceeded': 'Volume limit exceeded',
  'Client.InvalidSnapshot.NotFound': 'The specified snapshot was not found',
};

/** A reason with the text that EC2 gives it. */
export function reasonOf(code: string): StateReason {
  return { code, message: `${code}: ${TEXTS[code] ?? 'The instance changed its state'}` };
}
