import type { Letter, TicketLink } from './letter.ts';
import { type Words, wordsOf } from './words.ts';

/** Of a header and of a section: https://docs.slack.dev/reference/block-kit/blocks */
const slackHeaderLength = 150;
const slackSectionLength = 3000;

/** `<!channel>` in a subject must ring nobody: https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 3)}...`);

const slackSection = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });

/** Lines as far as a section goes: an escape is never cut in two. */
const fitting = (lines: readonly string[]): string => {
  const fit: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > slackSectionLength) break;
    fit.push(line);
  }
  return fit.join('\n');
};

/** What a Slack incoming webhook takes: blocks, and a text for notifications (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export const slackBody = (letter: Letter, linkOf: TicketLink) => {
  const words = wordsOf(letter, linkOf);
  const facts = words.facts.map(([label, value]) => `*${label}:* ${escaped(value)}`);
  const link = words.link === null ? [] : [`<${escaped(words.link)}|Open the ticket>`];
  return {
    text: escaped(words.title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(words.title, slackHeaderLength), emoji: false } },
      slackSection(fitting([escaped(words.headline), ...facts])),
      ...(words.lines.length === 0 ? [] : [slackSection(fitting(words.lines.map(escaped)))]),
      slackSection(fitting([`*Next step:* ${escaped(words.next)}`, ...link])),
      { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(words.footer) }] },
    ],
  };
};

/** Markdown of cards: what a customer wrote makes neither links nor emphasis. */
const literal = (text: string): string => text.replace(/[\\*_[\]()#`~<>]/g, (sign) => `\\${sign}`);

const textBlock = (text: string, more: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...more });

const cardBody = ({ title, headline, facts, lines, next, footer }: Words) => [
  textBlock(literal(title), { weight: 'Bolder', size: 'Medium' }),
  textBlock(literal(headline)),
  { type: 'FactSet', facts: facts.map(([label, value]) => ({ title: label, value: literal(value) })) },
  ...lines.map((line) => textBlock(literal(line), { spacing: 'Small' })),
  textBlock(`Next step: ${literal(next)}`),
  textBlock(literal(footer), { isSubtle: true, size: 'Small' }),
];

/**
 * What a Teams workflow ("when a Teams webhook request is received") takes: a message with one Adaptive Card
 * (https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
 */
export const teamsBody = (letter: Letter, linkOf: TicketLink) => {
  const words = wordsOf(letter, linkOf);
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: cardBody(words),
          ...(words.link === null
            ? {}
            : { actions: [{ type: 'Action.OpenUrl', title: 'Open the ticket', url: words.link }] }),
        },
      },
    ],
  };
};
