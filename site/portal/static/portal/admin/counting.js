/** How long a text is. The same as portal/variants/counting.py: a test compares the two. */

const RUNS = /[\p{L}\p{M}]+|\p{Nd}+|%+/gu;
const INITIALS = /^[A-ZĐ]{2,}$/;

function said(run) {
  const length = [...run].length;
  if (run[0] === "%") return 2 * length;
  if (/^\p{Nd}/u.test(run)) return 2 * length - 1;
  return INITIALS.test(run) ? length : 1;
}

/** Estimate how many syllables are said. */
export function syllables(text) {
  return (text.normalize("NFC").match(RUNS) ?? []).reduce((total, run) => total + said(run), 0);
}

/** Measures of a text; `rate` is in syllables a minute. */
export const measures = {
  characters: (text) => [...text].length,
  units: (text) => text.length,
  seconds: (text, rate) => Math.ceil((syllables(text) * 60) / rate),
};
