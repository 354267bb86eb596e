/** `people` who had met it; null where the list, which ends somewhere, does not tell. */
export function retiredWords(people: number | null): string {
  if (people === null)
    return 'Retired. How many people had met it is not known: the list ends before it. What they answered counts as it did.'
  return `Retired. ${people} ${people === 1 ? 'person' : 'people'} had met it; what they answered counts as it did.`
}
