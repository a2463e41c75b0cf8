// What happened on the phone, in the words of rapport's device channel. Nothing of Android is needed here.

package example.rapport.phone

import java.time.Instant
import java.util.UUID
import org.json.JSONObject

/** An id of the app's own: rows of Android's call log and SMS store are used again. */
fun newId(): String = UUID.randomUUID().toString()

/** An SMS or a state of a call. `at` is what the phone's clock showed, in milliseconds. */
data class Event(
    val id: String,
    val type: String,
    val inbound: Boolean,
    /** As the phone shows it; nothing where it is withheld. */
    val number: String?,
    val at: Long,
    val text: String? = null,
    val state: String? = null,
    val durationSeconds: Long? = null,
) {
    fun toJson(): JSONObject {
        val json = JSONObject()
            .put("id", id)
            .put("type", type)
            .put("direction", if (inbound) "inbound" else "outbound")
            .put("at", Instant.ofEpochMilli(at).toString())
        number?.let { json.put("number", it) }
        text?.let { json.put("text", it) }
        state?.let { json.put("state", it) }
        durationSeconds?.let { json.put("durationSeconds", it) }
        return json
    }
}
