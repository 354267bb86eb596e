/** The items in an order drawn uniformly from all orders (Fisher and Yates 1938, as Durstenfeld 1964). `random` in [0, 1); O(n). */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items]
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const kept = mixed[at] as Item
    mixed[at] = mixed[other] as Item
    mixed[other] = kept
  }
  return mixed
}
