// One call, one id: what the telephone's states and the call log say of the same call. Nothing of Android is needed here.

package example.rapport.phone

import kotlin.math.abs

/** The call log writes when a call began; the app saw it a moment later. */
private const val SAME_CALL_MS = 30_000L

/** So many last digits tell a number, however it is spelled. */
private const val TELLING_DIGITS = 8

/** A call that the app has seen, or read in the log. */
data class Call(
    val id: String,
    val number: String?,
    /** By the phone's clock, in milliseconds. */
    val began: Long,
    val state: String,
    /** When the telephone was idle again; nothing while it is not. */
    val ended: Long? = null,
    /** When the call log says that it began; nothing until it was read there. */
    val logged: Long? = null,
)

/** A row of the call log. */
data class Row(val number: String?, val date: Long, val inbound: Boolean, val state: String, val durationSeconds: Long?)

/** The call of which this row speaks: one already read, else the nearest that was seen and not yet read. */
fun callOf(row: Row, known: List<Call>): Call? {
    known.firstOrNull { it.logged == row.date && sameNumber(it.number, row.number) }?.let { return it }
    if (!row.inbound) return null
    return known
        .filter { it.logged == null && abs(it.began - row.date) <= SAME_CALL_MS }
        .filter { it.number == null || row.number == null || sameNumber(it.number, row.number) }
        .minByOrNull { abs(it.began - row.date) }
}

fun sameNumber(one: String?, other: String?): Boolean {
    val digits = { number: String? -> number.orEmpty().filter { it.isDigit() }.takeLast(TELLING_DIGITS) }
    return digits(one) == digits(other)
}

/**
 * How a call ended that the log does not have yet: it rang and nobody took it, or somebody did. Nothing where that is
 * known, or the call goes on.
 */
fun endWithoutLog(call: Call): String? = when {
    call.ended == null -> null
    call.state == "ringing" -> "missed"
    call.state == "in_progress" -> "completed"
    else -> null
}
