// What the phone itself keeps: how calls ended, and the SMS that were sent. Read before each upload.

package example.rapport.phone

import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.database.Cursor
import android.net.Uri
import android.provider.CallLog.Calls
import android.provider.Telephony.Sms

private const val DAY_MS = 86_400_000L

/** So long the call log may take to have a call. */
private const val LOG_LATE_MS = 300_000L

class Logs(private val context: Context) {
    private val store = Store.of(context)
    private val settings = Settings(context)

    fun read(now: Long) {
        if (permitted(Manifest.permission.READ_CALL_LOG)) readCalls(now)
        if (permitted(Manifest.permission.READ_SMS)) readSentSms()
    }

    private fun permitted(permission: String) =
        context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

    /**
     * A row is written when the call is over, and says when it began: a long call's comes after that of a short one which
     * began later. So the last days are read each time; what was read before is known by its time and number.
     */
    private fun readCalls(now: Long) {
        val from = maxOf(settings.since, now - 3 * DAY_MS)
        for (row in query(Calls.CONTENT_URI, CALL_COLUMNS, "${Calls.DATE} >= ?", from, ::row).filterNotNull()) {
            val known = callOf(row, store.callsSince(from - DAY_MS))
            if (known?.logged != null) continue
            val call = Call(
                id = known?.id ?: newId(),
                number = row.number ?: known?.number,
                began = known?.began ?: row.date,
                state = row.state,
                ended = now,
                logged = row.date,
            )
            val event = Event(
                id = call.id,
                type = "call",
                inbound = row.inbound,
                number = call.number,
                at = row.date,
                state = row.state,
                durationSeconds = row.durationSeconds,
            )
            store.note(event, call)
        }
        for (call in store.callsSince(from - DAY_MS)) {
            val ended = call.ended ?: continue
            val state = endWithoutLog(call).takeIf { ended <= now - LOG_LATE_MS } ?: continue
            val event = Event(call.id, "call", inbound = true, number = call.number, at = ended, state = state)
            store.note(event, call.copy(state = state))
        }
        store.forgetCallsBefore(now - 7 * DAY_MS)
    }

    /** Nobody is told of an SMS that another app sends: the SMS store has it. */
    private fun readSentSms() {
        val until = store.sentUntil() ?: settings.since
        query(Sms.Sent.CONTENT_URI, SMS_COLUMNS, "${Sms.DATE} > ?", until, ::sent).forEach(store::noteSent)
    }

    /** Oldest first. */
    private fun <T> query(uri: Uri, columns: Array<String>, where: String, from: Long, read: (Cursor) -> T): List<T> =
        context.contentResolver.query(uri, columns, where, arrayOf(from.toString()), "date ASC")?.use { rows ->
            buildList { while (rows.moveToNext()) add(read(rows)) }
        }.orEmpty()

    /** Nothing for what is no call of a person, such as a voicemail. */
    private fun row(rows: Cursor): Row? {
        val seconds = rows.getLong(3)
        val (inbound, state) = when (rows.getInt(2)) {
            Calls.INCOMING_TYPE -> true to "completed"
            Calls.MISSED_TYPE -> true to "missed"
            Calls.REJECTED_TYPE, Calls.BLOCKED_TYPE -> true to "declined"
            // Without a talk nobody took it: the log has no other sign of that.
            Calls.OUTGOING_TYPE -> false to if (seconds > 0) "completed" else "missed"
            else -> return null
        }
        val shown = rows.getInt(4) == Calls.PRESENTATION_ALLOWED
        return Row(
            number = rows.getString(0)?.takeIf { shown && it.isNotBlank() },
            date = rows.getLong(1),
            inbound = inbound,
            state = state,
            durationSeconds = seconds.takeIf { state == "completed" },
        )
    }

    private fun sent(rows: Cursor) = Event(
        id = newId(),
        type = "sms",
        inbound = false,
        number = rows.getString(0),
        at = rows.getLong(1),
        text = rows.getString(2),
        state = "sent",
    )

    private companion object {
        val CALL_COLUMNS = arrayOf(Calls.NUMBER, Calls.DATE, Calls.TYPE, Calls.DURATION, Calls.NUMBER_PRESENTATION)
        val SMS_COLUMNS = arrayOf(Sms.ADDRESS, Sms.DATE, Sms.BODY)
    }
}
