import { HOUR } from '../../../src/kernel/clocks';

export { HOUR, MINUTE, SECOND } from '../../../src/kernel/clocks';
export const DAY = 24 * HOUR;
