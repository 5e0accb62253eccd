import * as z from 'zod';

/** How many texts went out in a month. A repetition after a crash may count one twice, never none. */
export const spendSchema = z.object({ texts: z.number().int() });

/** What a stage may spend on texts in a month, and what one costs by its own estimate. */
export interface SmsPrices {
  readonly budgetUsd: number;
  readonly priceUsd: number;
}

export interface SmsSpend {
  readonly spentDollars: number;
  readonly budgetDollars: number;
  readonly state: 'ok' | 'low' | 'exhausted';
}

/** From this share of the budget on it is low. */
const lowFrom = 0.8;

/** Texts that the budget pays for. */
export const textsAtMost = ({ budgetUsd, priceUsd }: SmsPrices): number => Math.floor(budgetUsd / priceUsd + 1e-9);

/** The month of an instant in UTC, as AWS bills it: `2026-03`. */
export const monthOf = (now: number): string => new Date(now).toISOString().slice(0, 7);

const cents = (dollars: number): number => Math.round(dollars * 100) / 100;

export const spendOf = (texts: number, prices: SmsPrices): SmsSpend => ({
  spentDollars: cents(texts * prices.priceUsd),
  budgetDollars: prices.budgetUsd,
  state:
    texts >= textsAtMost(prices) ? 'exhausted' : texts * prices.priceUsd >= lowFrom * prices.budgetUsd ? 'low' : 'ok',
});

/** Per cent of the budget that so many texts take: 100 once no further text is paid for. */
export const shareUsed = (texts: number, prices: SmsPrices): number =>
  texts >= textsAtMost(prices) ? 100 : Math.min(99, (texts * prices.priceUsd * 100) / prices.budgetUsd);
