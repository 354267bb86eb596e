/** A verdict sentence without its first word, for places where a mark beside it says that word already. */
export function withoutVerdict(sentence: string): string {
  return sentence.replace(/^(promote|hold|roll ?back|unhealthy)[.:]\s+/i, '')
}
