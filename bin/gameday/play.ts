import { bold, chapter, dim, green, red, say } from '../demo/print.ts';
import { alertsRefused } from './alerts-refused.ts';
import { Game } from './game.ts';
import { kpisBehind } from './kpis-behind.ts';
import { sweepStopped } from './sweep-stopped.ts';

export const scenes = {
  alerts: { title: 'SNS refuses alerts', play: alertsRefused },
  kpis: { title: 'The KPI reader dies on every batch', play: kpisBehind },
  sweep: { title: 'The sweep stands still', play: sweepStopped },
} as const;

export type SceneName = keyof typeof scenes;

export const isSceneName = (name: string): name is SceneName => Object.hasOwn(scenes, name);

/** Plays scenes on a local desk, each from a fresh start. Answers what should have happened and did not. */
export const playGameDay = async (url: string, names: readonly SceneName[]): Promise<readonly string[]> => {
  const began = performance.now();
  say(`${bold('Game day')} at a local desk of its own ${dim('($U; all times are virtual)')}`);
  const problems: string[] = [];
  for (const [index, name] of names.entries()) {
    const { title, play } = scenes[name];
    chapter(index + 1, title);
    const reset = await fetch(`${url}/_local/reset`, { method: 'POST' });
    if (!reset.ok) throw new Error(`the reset answered ${reset.status}`);
    const game = await Game.at(url);
    // The alarms have looked once, and are OK.
    await game.pass('PT6M');
    await play(game);
    problems.push(...game.problems.map((problem) => `${name}: ${problem}`));
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const verdict =
    problems.length === 0 ? green('every alarm rang and returned, nothing was lost') : red(problems.join('; '));
  say(`\n${names.length} ${names.length === 1 ? 'scene' : 'scenes'}: ${verdict} ${dim(`(played in ${seconds} s)`)}`);
  return problems;
};
