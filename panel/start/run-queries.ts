import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import { randomFrom } from './random.js'

const CUSTOMERS = 40
const ORDERS = 160
const TEAS = ['assam', 'darjeeling', 'gunpowder', 'keemun', 'lapsang', 'matcha', 'sencha', 'yunnan']

/** A day of a small tea shop in a database of its own, and what it came to. Nothing of it is left afterwards. */
export function runQueries({ oo1, capi }: Sqlite3Static, seed: number): { orders: number; bestSeller: string } {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const database = new oo1.DB(':memory:')
  try {
    database.exec(`
      create table customer (id integer primary key, name text);
      create table sale (id integer primary key, customer integer references customer, tea text, grams integer);
      create index sale_by_tea on sale (tea, grams);`)
    for (let id = 1; id <= CUSTOMERS; id++) {
      database.exec({ sql: 'insert into customer values (?, ?)', bind: [id, `customer ${id}`] })
    }
    database.transaction(() => {
      for (let id = 1; id <= ORDERS; id++) {
        const bind = [id, 1 + below(CUSTOMERS), TEAS[below(TEAS.length)]!, 50 + below(450)]
        database.exec({ sql: 'insert into sale values (?, ?, ?, ?)', bind })
      }
    })
    const bestSeller = database.selectValue('select tea from sale group by tea order by sum(grams) desc, tea limit 1')
    database.selectValues(`
      select name, group_concat(tea) from sale join customer on customer.id = customer
      group by name having sum(grams) > 300 order by sum(grams) desc`)
    return { orders: Number(database.selectValue('select count(*) from sale')), bestSeller: String(bestSeller) }
  } finally {
    database.close()
    capi.sqlite3_shutdown()
  }
}
