// The queue and the calls that were seen, in SQLite: what was noted survives the app, the phone's restart and an upload
// without an answer.

package example.rapport.phone

import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.sqlite.SQLiteDatabase
import android.database.sqlite.SQLiteOpenHelper

class Store private constructor(context: Context) : SQLiteOpenHelper(context, "rapport.db", null, 1) {
    override fun onCreate(db: SQLiteDatabase) {
        db.execSQL("CREATE TABLE waiting (place INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL)")
        db.execSQL(
            "CREATE TABLE calls (id TEXT PRIMARY KEY, number TEXT, began INTEGER NOT NULL, state TEXT NOT NULL, " +
                "ended INTEGER, logged INTEGER)",
        )
        db.execSQL("CREATE TABLE sent_until (at INTEGER NOT NULL)")
    }

    override fun onUpgrade(db: SQLiteDatabase, from: Int, to: Int) = Unit

    /** Notes an event at the end of the queue. */
    fun note(event: Event) {
        writableDatabase.insertOrThrow("waiting", null, ContentValues().apply { put("json", event.toJson().toString()) })
    }

    /** Notes a state of a call, and how far the call is, together. */
    fun note(event: Event, call: Call) = together { db ->
        note(event)
        val row = ContentValues().apply {
            put("id", call.id)
            put("number", call.number)
            put("began", call.began)
            put("state", call.state)
            put("ended", call.ended)
            put("logged", call.logged)
        }
        db.insertWithOnConflict("calls", null, row, SQLiteDatabase.CONFLICT_REPLACE)
    }

    /** Notes a sent SMS, and that those up to then were, together. */
    fun noteSent(event: Event) = together { db ->
        note(event)
        db.delete("sent_until", null, null)
        db.insertOrThrow("sent_until", null, ContentValues().apply { put("at", event.at) })
    }

    /** When the last sent SMS that was noted was sent; nothing where none was. */
    fun sentUntil(): Long? =
        readableDatabase.rawQuery("SELECT at FROM sent_until", null).use { rows ->
            if (rows.moveToFirst()) rows.getLong(0) else null
        }

    /** What the next request carries, oldest first. */
    fun nextBatch(): List<Waiting> {
        val sql = "SELECT place, json FROM waiting ORDER BY place LIMIT $MOST_EVENTS"
        readableDatabase.rawQuery(sql, null).use { rows ->
            return firstBatch(generateSequence { if (rows.moveToNext()) Waiting(rows.getLong(0), rows.getString(1)) else null })
        }
    }

    fun drop(places: List<Long>) = together { db ->
        places.forEach { db.delete("waiting", "place = ?", arrayOf(it.toString())) }
    }

    fun countWaiting(): Long =
        readableDatabase.rawQuery("SELECT count(*) FROM waiting", null).use { rows ->
            rows.moveToFirst()
            rows.getLong(0)
        }

    /** The calls that began then or later, newest first. */
    fun callsSince(began: Long): List<Call> {
        val sql = "SELECT id, number, began, state, ended, logged FROM calls WHERE began >= ? ORDER BY began DESC"
        readableDatabase.rawQuery(sql, arrayOf(began.toString())).use { rows ->
            return generateSequence { if (rows.moveToNext()) call(rows) else null }.toList()
        }
    }

    /** The telephone is idle: whatever was not over is. */
    fun endCalls(now: Long) {
        writableDatabase.update("calls", ContentValues().apply { put("ended", now) }, "ended IS NULL", null)
    }

    fun forgetCallsBefore(began: Long) {
        writableDatabase.delete("calls", "began < ? AND ended IS NOT NULL", arrayOf(began.toString()))
    }

    /** All of it or nothing. */
    private fun together(work: (SQLiteDatabase) -> Unit) {
        val db = writableDatabase
        db.beginTransaction()
        try {
            work(db)
            db.setTransactionSuccessful()
        } finally {
            db.endTransaction()
        }
    }

    private fun call(row: Cursor) = Call(
        id = row.getString(0),
        number = row.getString(1),
        began = row.getLong(2),
        state = row.getString(3),
        ended = if (row.isNull(4)) null else row.getLong(4),
        logged = if (row.isNull(5)) null else row.getLong(5),
    )

    companion object {
        @Volatile
        private var store: Store? = null

        /** One for the whole process: SQLite has one writer. */
        fun of(context: Context): Store =
            store ?: synchronized(this) { store ?: Store(context.applicationContext).also { store = it } }
    }
}
