/** What the simulated shop sells: product, list price in cents, variants. Names are unique. */
export const CATALOGUE: readonly (readonly [string, number, readonly string[]])[] = [
  ['rain jacket', 8990, ['blue, M', 'blue, L', 'grey, M', 'grey, L']],
  ['trail shoes', 11900, ['size 40', 'size 41', 'size 42', 'size 43']],
  ['wool jumper', 6490, ['green, S', 'green, M', 'navy, M', 'navy, L']],
  ['desk lamp', 4950, ['black', 'white', 'brass']],
  ['backpack', 7900, ['20 litres, black', '20 litres, red', '30 litres, black']],
  ['water bottle', 2450, ['steel, 0.5 l', 'steel, 1 l', 'green, 0.5 l']],
  ['yoga mat', 3990, ['4 mm', '6 mm', '8 mm']],
  ['coffee grinder', 12900, ['manual', 'electric, black', 'electric, steel']],
  ['frying pan', 5490, ['24 cm', '28 cm', '32 cm']],
  ['headphones', 18900, ['black', 'sand', 'blue']],
  ['keyboard', 9490, ['English layout', 'German layout', 'French layout']],
  ['bed linen set', 6900, ['single, white', 'double, white', 'double, grey']],
  ['bath towels', 3490, ['white', 'teal', 'grey']],
  ['camping stove', 5990, ['one burner', 'two burners']],
  ['sleeping bag', 13900, ['regular', 'long', 'regular, winter']],
  ['bike light', 2990, ['front', 'rear', 'front and rear']],
  ['cycling gloves', 2790, ['S', 'M', 'L']],
  ['wall clock', 4290, ['oak', 'white', 'black']],
  ['toaster', 4590, ['two slices', 'four slices']],
  ['kettle', 3890, ['steel', 'black', 'cream']],
  ['reading chair', 34900, ['green', 'rust', 'grey']],
  ['standing desk', 42900, ['120 cm', '140 cm', '160 cm']],
  ['espresso machine', 39900, ['steel', 'black']],
  ['child seat', 36900, ['grey', 'blue']],
]

/** Products up to this price can be refunded without a person even at list price. */
export const EVERYDAY_CENTS_MAX = 30_000

export const FIRST_NAMES: readonly string[] = [
  'Ada',
  'Bruno',
  'Carla',
  'Dmitri',
  'Elif',
  'Farid',
  'Greta',
  'Hana',
  'Ivo',
  'Jonas',
  'Kamila',
  'Lucia',
  'Mattis',
  'Noor',
  'Olga',
  'Pavel',
  'Quirin',
  'Rosa',
  'Samir',
  'Tilda',
]

export const LAST_NAMES: readonly string[] = [
  'Albers',
  'Baptiste',
  'Castellan',
  'Dahl',
  'Ekström',
  'Ferrand',
  'Gruber',
  'Hollis',
  'Ibarra',
  'Jansen',
  'Kovac',
  'Lindqvist',
  'Moreau',
  'Novak',
  'Okafor',
  'Petrov',
]

export const STREETS: readonly string[] = [
  'Mill Lane',
  'Harbour Street',
  'Orchard Road',
  'Station Square',
  'Castle Hill',
  'River Walk',
  'Chapel Street',
  'Linden Avenue',
]

export const CITIES: readonly string[] = [
  'Ashford',
  'Brookfield',
  'Carrow',
  'Dunmere',
  'Eastleigh',
  'Fenwick',
]
