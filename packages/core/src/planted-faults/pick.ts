/** One of the list, each as likely; undefined when there is none. `random` in [0, 1). */
export function pick<Item>(items: readonly Item[], random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)]
}
