const WIDTH = 120;

/** One paragraph in lines of at most 120 characters, if its words allow. */
export function wrapped(text: string, prefix = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && prefix.length + longer.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => prefix + one).join('\n');
}
