import { FLEET } from '../../kernel/reach';
import { type ExplainedDecision } from '../domain/decision/decision';
import { decisionWithin } from './decision-within-reach';

const rule = (name: string, outcome: string, detail: string) => ({
  rule: name,
  outcome,
  detail,
  remedy: null,
});
const DECISION = {
  reason: 'It is not protected. Budget: used up, 2 of 6 stops in 1 h (fleet).',
  rules: [
    rule('protection', 'pass', 'It is not protected.'),
    rule('breaker', 'pass', 'Breaker: closed.'),
    rule('budget', 'fail', 'Budget: used up, 2 of 6 stops in 1 h (fleet).'),
  ],
} as unknown as ExplainedDecision;

it('tells whoever has the fleet how many stops there were', () => {
  expect(decisionWithin(FLEET, DECISION)).toBe(DECISION);
});

it('tells whoever has a part of it only that they hold a stop off', () => {
  const told = decisionWithin([{ regions: ['eu-west-1'] }], DECISION);
  expect(told.reason).toBe('It is not protected. Budget: it allows no stop now.');
  expect(told.rules.map(({ detail }) => detail)).toEqual([
    'It is not protected.',
    'Breaker: it allows a stop.',
    'Budget: it allows no stop now.',
  ]);
});
