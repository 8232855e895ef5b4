import { type World } from '../../world';
import { type Strike } from '../../faults/strike';
import { type Reading } from '../model/reading';
import { type QueryParams } from '../wire/query-params';
import { type Region } from '../model/region';
import { type XmlElements } from '../wire/xml';

/** One call of EC2, once its caller may make it. */
export interface Ec2Call {
  readonly world: World;
  readonly region: Region;
  readonly params: QueryParams;
  /** what goes wrong with it */
  readonly strike: Strike;
  /** what it gets to see */
  readonly reading: Reading;
}

/** Does the call and returns what stands inside `<…Response>`; throws AwsError. */
export type Ec2Action = (call: Ec2Call) => XmlElements;
