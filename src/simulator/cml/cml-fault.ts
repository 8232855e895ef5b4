/**
 * What is wrong with a CML server while its instance runs:
 * - bad-gateway: nginx answers 502 to everything
 * - hang: connections are accepted, requests never answered
 * - hang-mid-body: the first half of an answer arrives, the rest never
 * - labs-forbidden: 403 on everything below /labs
 * - telemetry-empty: no telemetry events, as on a server whose people did not opt in
 * - down: connections are refused
 */
export type CmlFault =
  'none' | 'bad-gateway' | 'hang' | 'hang-mid-body' | 'labs-forbidden' | 'telemetry-empty' | 'down';
