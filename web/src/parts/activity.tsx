// How much happened, where looking beats reading: a strip of 26 weeks and one bar of channels, each with its sentence
// and a table behind it.

import { useMemo } from 'preact/hooks';

import { Activity as ActivityDocument } from '../generated/documents';
import type { ActivityQuery, Channel } from '../generated/types';
import type { Person } from '../screens/customer';
import { useResource } from '../state/resource';
import { words } from '../words/en';
import { isUnknown } from '../state/api';
import { Failure } from './bits';

const WEEKS = 26;
const CELL = 8;
const STEP = 10;
const TOP = 14;
const LEVELS = 4;

type Day = NonNullable<ActivityQuery['customer']>['activity'][number];

interface Share {
  name: string;
  key: string;
  count: number;
}

export function Activity({ person }: { person: Person }) {
  const offsetMinutes = -new Date().getTimezoneOffset();
  const activity = useResource(ActivityDocument, { id: person.id, days: WEEKS * 7, offsetMinutes });
  const days = activity.data.value?.customer?.activity;
  const error = activity.error.value;
  const kinds = person.stats.byKind.reduce<Share[]>((all, { kind, count }) => {
    const known = all.find(({ key }) => key === kind);
    if (known) known.count += count;
    else all.push({ key: kind, name: words.kindFilters[kind], count });
    return all;
  }, []);
  return (
    <section class="card" aria-labelledby="activity-heading">
      <header>
        <h2 id="activity-heading">{words.activity}</h2>
        <span class="faint">{words.items(person.stats.total)}</span>
      </header>
      {days && <Strip days={days} />}
      {days && <Mix title={words.channelMix} shares={channelsOf(days)} />}
      {error && !isUnknown(error) && !error.away && <Failure error={error} retry={() => void activity.load()} />}
      <Mix title={words.kindMix} shares={kinds} />
    </section>
  );
}

function channelsOf(days: Day[]): Share[] {
  const counts = new Map<Channel, number>();
  for (const { channels } of days) {
    for (const { channel, count } of channels) counts.set(channel, (counts.get(channel) ?? 0) + count);
  }
  return [...counts].map(([key, count]) => ({ key, name: words.channels[key], count }));
}

const dateOf = (day: string) => new Date(`${day}T00:00:00`);

function Strip({ days }: { days: Day[] }) {
  const byDay = useMemo(() => new Map(days.map(({ day, count }) => [day, count])), [days]);
  const total = days.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...days.map(({ count }) => count));
  const busiest = days.reduce<Day | null>((best, day) => (day.count > (best?.count ?? 0) ? day : best), null);
  const cells = [];
  const months = [];
  const end = new Date();
  end.setHours(12, 0, 0, 0);
  const start = new Date(end);
  start.setDate(end.getDate() - ((end.getDay() + 6) % 7) - (WEEKS - 1) * 7);
  let lastMonth = -1;
  let lastAt = -10;
  for (const day = new Date(start); day <= end; day.setDate(day.getDate() + 1)) {
    const index = Math.round((day.getTime() - start.getTime()) / 86_400_000);
    const week = Math.floor(index / 7);
    const name = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
    const count = byDay.get(name) ?? 0;
    const level = count === 0 ? 0 : Math.max(1, Math.ceil((Math.log1p(count) / Math.log1p(most)) * LEVELS));
    cells.push(<rect key={name} class={`level-${level}`} x={week * STEP} y={TOP + (index % 7) * STEP} width={CELL} height={CELL} rx={2} />);
    if (index % 7 === 0 && day.getMonth() !== lastMonth) {
      if (week - lastAt >= 3 && week < WEEKS - 1) {
        months.push(
          <text key={name} x={week * STEP} y={9}>
            {words.month(new Date(Date.UTC(2000, day.getMonth(), 15)))}
          </text>,
        );
        lastAt = week;
      }
      lastMonth = day.getMonth();
    }
  }
  const line = total > 0 ? words.activityLine(total, WEEKS, busiest ? words.dayOf(dateOf(busiest.day)) : '') : words.noActivity;
  return (
    <>
      <svg class="strip" role="img" aria-label={line} viewBox={`0 0 ${WEEKS * STEP - 2} ${TOP + 7 * STEP - 2}`}>
        {months}
        {cells}
      </svg>
      {total > 0 && (
        <details>
          <summary>{words.activityTable}</summary>
          <div class="table-box" tabIndex={0} role="group" aria-label={words.activityTable}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.day}</th>
                  <th scope="col">{words.channelMix}</th>
                  <th scope="col" class="number">
                    {words.countOf}
                  </th>
                </tr>
              </thead>
              <tbody>
                {days
                  .filter(({ count }) => count > 0)
                  .toReversed()
                  .map(({ day, count, channels }) => (
                    <tr key={day}>
                      <td>{words.dateOf(dateOf(day))}</td>
                      <td>{channels.map(({ channel, count: of }) => `${words.channels[channel]} ${words.number(of)}`).join(', ')}</td>
                      <td class="number">{words.number(count)}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </>
  );
}

/** One bar; its parts are named below it, with numbers. */
function Mix({ title, shares }: { title: string; shares: Share[] }) {
  const parts = shares.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  let at = 0;
  return (
    <>
      <h3>{title}</h3>
      <svg
        class="mix"
        role="img"
        aria-label={`${title}: ${parts.map(({ name, count }) => `${name} ${words.percent(count / total)}`).join(', ')}.`}
        viewBox="0 0 260 8"
        preserveAspectRatio="none"
      >
        {parts.map(({ key, count }, index) => {
          const width = (count / total) * 260;
          const x = at;
          at += width;
          return <rect key={key} class={`part-${index % 7}`} x={x} y={0} width={Math.max(1, width - (index < parts.length - 1 ? 1.5 : 0))} height={8} />;
        })}
      </svg>
      <table class="legend">
        <caption class="sr">{title}</caption>
        <thead class="sr">
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">{words.share}</th>
            <th scope="col">{words.countOf}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, name, count }, index) => (
            <tr key={key}>
              <th scope="row">
                <span class={`dot part-${index % 7}`} aria-hidden="true" />
                {name}
              </th>
              <td class="number">{words.percent(count / total)}</td>
              <td class="number">{words.number(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
