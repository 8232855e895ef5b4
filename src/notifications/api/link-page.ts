import { timeText } from '../channels/notice-text';
import { type LinkAnswer } from '../application/link-answer';

type Asking = Extract<LinkAnswer, { kind: 'ask' }>;

/** Choices of the form, minutes after the announced stop. */
const CHOICES: readonly (readonly [minutes: number, label: string])[] = [
  [30, '30 minutes'],
  [60, '1 hour'],
  [120, '2 hours'],
  [240, '4 hours'],
  [480, '8 hours'],
  [1_440, '1 day'],
];

const ALL_ALLOWED = 'Its policy allows no longer snooze now.';

export interface RenderedPage {
  readonly status: number;
  readonly html: string;
}

/** The page for an answer: plain HTML without script, for browsers and screen readers alike. */
export function pageOf(answer: LinkAnswer): RenderedPage {
  switch (answer.kind) {
    case 'ask':
      return { status: 200, html: asking(answer) };
    case 'kept': {
      const what = `${answer.workerName} is kept until ${timeText(answer.until)}`;
      const sure = 'It is not stopped automatically before that.';
      return messagePage(200, what, answer.isAllAllowed ? `${sure} ${ALL_ALLOWED}` : sure);
    }
    case 'stopping':
      return messagePage(200, `${answer.workerName} is being stopped`, 'It was told to stop.');
    case 'refused':
      return messagePage(409, `Nothing was done`, answer.message);
    case 'invalid':
      return messagePage(422, `Nothing was done`, `${answer.message} Go back, and try again.`);
    case 'expired':
      return messagePage(410, 'This link is too old', 'The stop that it was about lies behind.');
    case 'forged':
      return messagePage(404, 'This link is none of ours', 'Check that it was copied as a whole.');
  }
}

/** A page that says one thing. */
export function messagePage(status: number, title: string, text: string): RenderedPage {
  return { status, html: page(title, `<p>${escaped(text)}</p>`) };
}

function asking({ link, worker, kept, latest, now }: Asking): string {
  const { plannedStop, name } = worker;
  const facts = [
    ['Worker', name],
    ['Planned stop', plannedStop ? timeText(plannedStop.at) : 'none any more'],
    ...(plannedStop ? [['Why', plannedStop.reason]] : []),
    ['Now', timeText(now)],
  ];
  const rows = facts.map(([term = '', text = '']) => `<dt>${term}</dt><dd>${escaped(text)}</dd>`);
  const list = `<dl>${rows.join('')}</dl>`;
  switch (link.purpose) {
    case 'keep-1h': {
      const button = `Keep it until ${timeText(kept?.until ?? null)}`;
      const sure = 'It is not stopped automatically before that, whether anybody uses it or not.';
      const what = kept?.isAllAllowed ? `${sure} ${ALL_ALLOWED}` : sure;
      const title = kept?.isAllAllowed ? `Keep ${name} for longer?` : `Keep ${name} for one more hour?`;
      return page(title, `${list}<p>${what}</p>${form('', button)}`);
    }
    case 'keep-until':
      return page(`Keep ${name} until when?`, `${list}${form(choice(latest), 'Keep it')}`);
    case 'stop-now': {
      const what = 'It is stopped at once. Nothing is done while labs run on it, or if nobody can tell.';
      return page(`Stop ${name} now?`, `${list}<p>${what}</p>${form('', 'Stop it now')}`);
    }
  }
}

function choice(latest: Date): string {
  const options = CHOICES.map(([minutes, label]) => `<option value="${minutes}">${label}</option>`).join('');
  return `<p><label for="minutes">How long after the planned stop</label>
<select id="minutes" name="minutes">${options}</select></p>
<p><label for="until">Or until a time, in UTC</label>
<input id="until" name="until" type="datetime-local" max="${latest.toISOString().slice(0, 16)}" aria-describedby="most"></p>
<p id="most">A time counts before the choice above. It can be kept until ${timeText(latest)} at most.</p>`;
}

/** To the very address of the page, wherever a proxy has it. */
function form(fields: string, button: string): string {
  return `<form method="post">${fields}<p><button type="submit">${escaped(button)}</button></p></form>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escaped(title)} – cml-fleet</title>
<style>body{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}dt{font-weight:bold}dd{margin:0 0 .5rem}label{display:block}button{font:inherit;padding:.5rem 1rem}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}
