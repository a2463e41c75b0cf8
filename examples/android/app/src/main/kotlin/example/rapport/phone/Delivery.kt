// One request: what is sent, and what its answer means for the queue. Nothing of Android is needed here.

package example.rapport.phone

import java.io.IOException
import java.net.HttpURLConnection
import java.net.URL
import java.time.Instant
import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject

/** The most that rapport takes in one request. */
const val MOST_EVENTS = 500

/** So that a request passes through a slow network. */
const val MOST_CHARACTERS = 500_000

private const val TIMEOUT_MS = 30_000

/** The outcomes that say that an event has arrived: it must not be sent again. */
private val ARRIVED = setOf("RECORDED", "DUPLICATE", "REJECTED", "UNKNOWN")

/** An event that waits: its place in the queue, and its JSON. */
data class Waiting(val place: Long, val json: String)

/** What became of a request. */
sealed interface Outcome {
    /** These places of the queue have arrived; `rejected` of them could not be recorded, which rapport shows its admins. */
    data class Answered(val arrived: List<Long>, val rejected: Int) : Outcome

    /** All is kept and tried again, not before so many seconds. */
    data class Later(val why: String, val seconds: Long) : Outcome
}

/** Where a phone delivers to. */
class Delivery(private val url: String, private val secret: String, private val deviceId: String) {
    /** Sends one request. `now` is the phone's clock at this try: rapport corrects a wrong clock by it. */
    fun send(events: List<Waiting>, now: Long): Outcome {
        val connection = URL(url).openConnection() as HttpURLConnection
        return try {
            connection.requestMethod = "POST"
            connection.connectTimeout = TIMEOUT_MS
            connection.readTimeout = TIMEOUT_MS
            connection.instanceFollowRedirects = false
            connection.doOutput = true
            connection.setRequestProperty("Authorization", "Bearer $secret")
            connection.setRequestProperty("Content-Type", "application/json")
            connection.outputStream.use { it.write(body(deviceId, events, now).toByteArray()) }
            val status = connection.responseCode
            val text = if (status == 200) connection.inputStream.use { it.readBytes().decodeToString() } else ""
            outcome(events, status, text, connection.getHeaderField("Retry-After"))
        } catch (problem: IOException) {
            Outcome.Later(problem.message ?: problem.javaClass.simpleName, 0)
        } finally {
            connection.disconnect()
        }
    }
}

/** The request's body. */
fun body(deviceId: String, events: List<Waiting>, now: Long): String {
    val list = JSONArray()
    events.forEach { list.put(JSONObject(it.json)) }
    return JSONObject()
        .put("deviceId", deviceId)
        .put("sentAt", Instant.ofEpochMilli(now).toString())
        .put("events", list)
        .toString()
}

/**
 * What the answer means. Only an event with a result of its own is dropped: results stand in the order of the events, and
 * a call stands there several times under one id.
 */
fun outcome(events: List<Waiting>, status: Int, text: String, retryAfter: String?): Outcome {
    val seconds = retryAfter?.trim()?.toLongOrNull()?.coerceIn(0, 3600) ?: 0
    when (status) {
        200 -> Unit
        401 -> return Outcome.Later("the secret is not that of the source", seconds)
        404 -> return Outcome.Later("there is no source at this address, or it is off", seconds)
        else -> return Outcome.Later("the server answered $status", seconds)
    }
    val results = try {
        JSONObject(text).getJSONArray("results")
    } catch (_: JSONException) {
        return Outcome.Later("the answer is none of rapport's", seconds)
    }
    val arrived = mutableListOf<Long>()
    var rejected = 0
    for (n in 0 until minOf(results.length(), events.size)) {
        val result = results.optJSONObject(n) ?: continue
        val word = result.optString("outcome")
        if (word in ARRIVED && result.optString("id") == JSONObject(events[n].json).optString("id")) {
            arrived += events[n].place
            if (word == "REJECTED") rejected += 1
        }
    }
    return if (arrived.isEmpty() && events.isNotEmpty()) {
        Outcome.Later("the answer speaks of other events", seconds)
    } else {
        Outcome.Answered(arrived, rejected)
    }
}

/** The first events that go into one request; at least one. */
fun firstBatch(waiting: Sequence<Waiting>): List<Waiting> {
    val batch = mutableListOf<Waiting>()
    var characters = 0
    for (event in waiting.take(MOST_EVENTS)) {
        characters += event.json.length
        if (batch.isNotEmpty() && characters > MOST_CHARACTERS) break
        batch += event
    }
    return batch
}
