import { Events, makeSchema, Schema, State } from '@livestore/livestore'

export const tables = {
  events: State.SQLite.table({
    name: 'events',
    columns: { n: State.SQLite.integer({ primaryKey: true }), s: State.SQLite.text() },
  }),
}

export const events = {
  recorded: Events.synced({ name: 'v1.Recorded', schema: Schema.Struct({ n: Schema.Number, s: Schema.String }) }),
}

const materializers = State.SQLite.materializers(events, {
  'v1.Recorded': ({ n, s }) => tables.events.insert({ n, s }),
})

export const schema = makeSchema({ events, state: State.SQLite.makeState({ tables, materializers }) })
