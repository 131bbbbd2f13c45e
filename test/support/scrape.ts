/** What a scrape says, by the name and the labels of each sample. */
export function samplesIn(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    samples.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return samples;
}

/** Those of one name, as `labels: value`, without the ones that are zero. */
export function countsOf(text: string, name: string): Record<string, number> {
  const named = Array.from(samplesIn(text)).filter(([sample, value]) => sample.split('{')[0] === name && value !== 0);
  return Object.fromEntries(named.map(([sample, value]) => [sample.slice(name.length), value]));
}

/** As queries name them: a histogram is three. Also those of which there is no sample yet. */
export function namesIn(text: string): ReadonlySet<string> {
  const types = text.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Set(
    Array.from(types, ([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    ).flat(),
  );
}
